namespace AiAssignments.Core.Workflows;

/// <summary>Starts workflows and looks after them.</summary>
public interface IWorkflowClient
{
    /// <summary>Starts an instance. When one with this id exists and is not failed or cancelled, nothing is started and <c>false</c> comes back; a failed or cancelled one is resumed: its journaled results are kept and what is missing is run.</summary>
    /// <typeparam name="TWorkflow">The workflow class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="instanceId">The id, derived from the work itself.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Stops the call, not the workflow.</param>
    Task<bool> StartAsync<TWorkflow, TInput, TOutput>(string instanceId, TInput input, CancellationToken cancellationToken)
        where TWorkflow : IWorkflow<TInput, TOutput>;

    /// <summary>The state, or <c>null</c> when there is no such instance.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<WorkflowState?> FindAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>All instances, newest first.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<WorkflowState> ListAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the instance has ended.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="cancellationToken">Stops the waiting, not the workflow.</param>
    Task<WorkflowState> WaitAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Asks the instance to stop; running activities see their token. Returns when it has ended. No-op for an ended one.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task CancelAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Removes an ended instance and its journal; cancels it first when it runs. <c>false</c> when there was none.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Raises an event that the instance waits for, or will.</summary>
    /// <typeparam name="T">Payload.</typeparam>
    /// <param name="instanceId">The id.</param>
    /// <param name="name">Event name.</param>
    /// <param name="payload">Payload.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RaiseEventAsync<T>(string instanceId, string name, T payload, CancellationToken cancellationToken);
}
