using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Orchestrations;

/// <summary>What the adapter itself needs: shares of wide fan-outs, and workflows that others wait for.</summary>
/// <param name="workflows">Runs them.</param>
public sealed class SharedSteps(DurableWorkflows workflows)
{
    /// <summary>A share of a wide fan-out.</summary>
    [Function(DurableNames.FanOut)]
    public static Task<JsonElement> FanOut([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflows.RunFanOutAsync(new OrchestrationContext(context), context.GetInput<JsonElement>());

    /// <summary>Starts a workflow under an id of its own, or looks how it is doing.</summary>
    [Function(DurableNames.Join)]
    public Task<JsonElement> JoinWorkflowAsync([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient hub, CancellationToken cancellationToken) =>
        workflows.JoinAsync(input, cancellationToken);
}
