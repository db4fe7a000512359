using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Azure.Durable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Durable;

/// <summary>The task hub. Functions hands its client out with an invocation only, and it is the same one each time: <see cref="TaskHubMiddleware"/> brings it here.</summary>
internal sealed class TaskHubClient : IDurableClient
{
    private static readonly OrchestrationRuntimeStatus[] Kept =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Completed];

    private volatile DurableTaskClient? client;

    private DurableTaskClient Hub => client ?? throw new InvalidOperationException("A function that reaches the task hub needs a [DurableClient] parameter.");

    public void Use(DurableTaskClient hub) => client = hub;

    public async Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            await Hub.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId).WithDedupeStatuses(Kept), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    public async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        await Hub.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false) is { } found ? Of(found) : null;

    public async IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new OrchestrationQuery(query.CreatedFrom, query.CreatedTo, InstanceIdPrefix: query.Prefix, FetchInputsAndOutputs: query.Payloads);
        await foreach (var instance in Hub.GetAllInstancesAsync(filter).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return Of(instance);
        }
    }

    public async Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) =>
        await Hub.GetInstanceAsync(instanceId, cancellationToken).ConfigureAwait(false) is null
            ? null
            : Of(await Hub.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false));

    public Task TerminateAsync(string instanceId, CancellationToken cancellationToken) =>
        Hub.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions("It was asked to stop."), cancellationToken);

    public Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => Hub.PurgeInstanceAsync(instanceId, cancellationToken);

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken) =>
        Hub.RaiseEventAsync(instanceId, name, payload, cancellationToken);

    private static DurableInstance Of(OrchestrationMetadata found) => new(
        found.InstanceId,
        found.Name,
        Enum.TryParse<DurableStatus>(found.RuntimeStatus.ToString(), out var status) ? status : DurableStatus.Running,
        found.CreatedAt,
        found.LastUpdatedAt,
        found.SerializedInput,
        found.SerializedCustomStatus,
        found.SerializedOutput,
        found.FailureDetails?.ErrorMessage);
}
