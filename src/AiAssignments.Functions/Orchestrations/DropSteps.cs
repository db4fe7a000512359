using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Orchestrations;

/// <summary>The workflow <c>AcceptDrop</c> and its activity.</summary>
/// <param name="workflows">Runs them.</param>
public sealed class DropSteps(DurableWorkflows workflows)
{
    /// <summary>Takes a drop in, trying again what may pass.</summary>
    [Function("AcceptDrop")]
    public Task<JsonElement> AcceptDrop([OrchestrationTrigger] TaskOrchestrationContext context) =>
        workflows.RunWorkflowAsync("AcceptDrop", new OrchestrationContext(context), context.GetInput<JsonElement>());

    /// <summary>Registers a dropped dataset or model, and starts what follows from it.</summary>
    [Function("TakeInDrop")]
    public Task<JsonElement> TakeInDropAsync([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient hub, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("TakeInDrop", input, cancellationToken);
}
