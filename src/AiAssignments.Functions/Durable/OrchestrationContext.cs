using System.Text.Json;
using AiAssignments.Azure.Durable;
using Microsoft.DurableTask;
using RetryPolicy = AiAssignments.Core.Workflows.RetryPolicy;

namespace AiAssignments.Functions.Durable;

/// <summary>An orchestration of Durable Functions as what the adapter is written over.</summary>
internal sealed class OrchestrationContext(TaskOrchestrationContext context) : IDurableContext
{
    public string InstanceId => context.InstanceId;

    public DateTime CurrentUtcDateTime => context.CurrentUtcDateTime;

    public bool IsReplaying => context.IsReplaying;

    public Guid NewGuid() => context.NewGuid();

    public Task<JsonElement> CallActivityAsync(string name, JsonElement input, RetryPolicy retry) => TranslateAsync(context.CallActivityAsync<JsonElement>(
        name, input, TaskOptions.FromRetryPolicy(new(retry.MaxAttempts, retry.FirstDelay, retry.BackoffCoefficient, retry.MaxDelay))));

    public Task<JsonElement> CallSubOrchestratorAsync(string name, JsonElement input, string instanceId) =>
        TranslateAsync(context.CallSubOrchestratorAsync<JsonElement>(name, input, new SubOrchestrationOptions(retry: null, instanceId)));

    public Task CreateTimerAsync(DateTime fireAt) => context.CreateTimer(fireAt, CancellationToken.None);

    public Task<JsonElement> WaitForExternalEventAsync(string name) => context.WaitForExternalEvent<JsonElement>(name);

    public void SetCustomStatus(JsonElement status) => context.SetCustomStatus(status);

    public void ContinueAsNew(JsonElement input) => context.ContinueAsNew(input);

    private static async Task<JsonElement> TranslateAsync(Task<JsonElement> call)
    {
        try
        {
            return await call.ConfigureAwait(true);
        }
        catch (TaskFailedException failed)
        {
            throw new DurableCallException(failed.FailureDetails.ErrorMessage);
        }
    }
}
