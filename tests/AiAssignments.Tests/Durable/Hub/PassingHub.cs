using System.Text.Json;
using AiAssignments.Azure.Durable;

namespace AiAssignments.Tests.Durable.Hub;

/// <summary>A task hub as another process sees it, which may see it late.</summary>
internal class PassingHub(TaskHub hub) : IDurableClient
{
    public virtual Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken) => hub.FindAsync(instanceId, cancellationToken);

    public virtual Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken) => hub.ScheduleAsync(name, input, instanceId, cancellationToken);

    public IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, CancellationToken cancellationToken) => hub.QueryAsync(query, cancellationToken);

    public Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) => hub.WaitForCompletionAsync(instanceId, cancellationToken);

    public virtual Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => hub.TerminateAsync(instanceId, reason, cancellationToken);

    public virtual Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => hub.PurgeAsync(instanceId, cancellationToken);

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken) => hub.RaiseEventAsync(instanceId, name, payload, cancellationToken);
}
