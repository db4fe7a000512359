using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Caching;

/// <summary>A workflow engine whose starts, cancellations and deletions invalidate the cached lists of evaluations. What runs changes by itself and is not kept in the first place.</summary>
/// <param name="inner">The engine.</param>
/// <param name="queries">The cached queries.</param>
public sealed class InvalidatingWorkflowClient(IWorkflowClient inner, QueryCache queries) : IWorkflowClient
{
    /// <inheritdoc />
    public Task<bool> StartAsync<TWorkflow, TInput, TOutput>(string instanceId, TInput input, CancellationToken cancellationToken)
        where TWorkflow : IWorkflow<TInput, TOutput> =>
        ThenInvalidateAsync(inner.StartAsync<TWorkflow, TInput, TOutput>(instanceId, input, cancellationToken));

    /// <inheritdoc />
    public Task<WorkflowState?> FindAsync(string instanceId, CancellationToken cancellationToken) => inner.FindAsync(instanceId, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<WorkflowState> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc />
    public Task<WorkflowState> WaitAsync(string instanceId, CancellationToken cancellationToken) => inner.WaitAsync(instanceId, cancellationToken);

    /// <inheritdoc />
    public async Task CancelAsync(string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            await inner.CancelAsync(instanceId, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await queries.InvalidateAsync(CacheTags.Evaluations).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => ThenInvalidateAsync(inner.PurgeAsync(instanceId, cancellationToken));

    /// <inheritdoc />
    public Task RaiseEventAsync<T>(string instanceId, string name, T payload, CancellationToken cancellationToken) =>
        inner.RaiseEventAsync(instanceId, name, payload, cancellationToken);

    private async Task<bool> ThenInvalidateAsync(Task<bool> change)
    {
        try
        {
            return await change.ConfigureAwait(false);
        }
        finally
        {
            await queries.InvalidateAsync(CacheTags.Evaluations).ConfigureAwait(false);
        }
    }
}
