namespace AiAssignments.Core.Workflows;

/// <summary>
/// A durable workflow. Its code is deterministic: the same input and the same activity results always lead to the same calls. All I/O is in activities;
/// time and identifiers come from the context. After a crash it is run again from its start, and journaled results are returned instead of run again.
/// </summary>
/// <typeparam name="TInput">Input, JSON-serializable.</typeparam>
/// <typeparam name="TOutput">Result, JSON-serializable and small: references, never rows.</typeparam>
public interface IWorkflow<TInput, TOutput>
{
    /// <summary>Runs it.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="input">The input.</param>
    Task<TOutput> RunAsync(IWorkflowContext context, TInput input);
}
