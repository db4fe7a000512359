using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Storage;
using DurableTask.Core.Exceptions;
using Grpc.Core;
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
            await AskAsync(Hub.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId).WithDedupeStatuses(Kept), cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    public async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        await AskAsync(Hub.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken)).ConfigureAwait(false) is { } found ? Of(found) : null;

    public async IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new OrchestrationQuery(query.CreatedFrom, query.CreatedTo, InstanceIdPrefix: query.Prefix, FetchInputsAndOutputs: query.Payloads);
        var found = Hub.GetAllInstancesAsync(filter).GetAsyncEnumerator(cancellationToken);
        await using (found.ConfigureAwait(false))
        {
            while (await AskAsync(found.MoveNextAsync().AsTask()).ConfigureAwait(false))
            {
                yield return Of(found.Current);
            }
        }
    }

    public async Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) =>
        await AskAsync(Hub.GetInstanceAsync(instanceId, cancellationToken)).ConfigureAwait(false) is null
            ? null
            : Of(await AskAsync(Hub.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken)).ConfigureAwait(false));

    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) =>
        AskAsync(Hub.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason), cancellationToken));

    public Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => AskAsync(Hub.PurgeInstanceAsync(instanceId, cancellationToken));

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken) =>
        AskAsync(Hub.RaiseEventAsync(instanceId, name, payload, cancellationToken));

    // The hub is behind the Functions host; while that starts anew, or its storage does not answer, it passes.
    private static async Task AskAsync(Task asked)
    {
        try
        {
            await asked.ConfigureAwait(false);
        }
        catch (RpcException passing) when (passing.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted)
        {
            throw new StorageFaultException($"The task hub does not answer: {passing.Status.Detail}", passing);
        }
    }

    private static async Task<T> AskAsync<T>(Task<T> asked)
    {
        await AskAsync((Task)asked).ConfigureAwait(false);
        return await asked.ConfigureAwait(false);
    }

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
