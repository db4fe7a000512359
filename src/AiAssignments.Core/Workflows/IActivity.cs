namespace AiAssignments.Core.Workflows;

/// <summary>One step with side effects. Idempotent: it writes to names derived from its input, so that running it twice changes nothing.</summary>
/// <typeparam name="TInput">Input, JSON-serializable and small.</typeparam>
/// <typeparam name="TOutput">Result, JSON-serializable and small.</typeparam>
public interface IActivity<TInput, TOutput>
{
    /// <summary>Runs it.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Set when the workflow is cancelled or the host stops.</param>
    Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken);
}
