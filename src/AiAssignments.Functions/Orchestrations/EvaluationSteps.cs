using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AiAssignments.Functions.Orchestrations;

/// <summary>The workflow <c>EvaluateDataset</c> and its activities.</summary>
/// <param name="workflows">Runs them.</param>
public sealed class EvaluationSteps(DurableWorkflows workflows)
{
    /// <summary>Plan, fan out over shards, report, clean up.</summary>
    [Function("EvaluateDataset")]
    public Task<JsonElement> EvaluateDataset([OrchestrationTrigger] TaskOrchestrationContext context) =>
        workflows.RunWorkflowAsync("EvaluateDataset", new OrchestrationContext(context), context.GetInput<JsonElement>());

    /// <summary>One pass over the dataset.</summary>
    [Function("PlanEvaluation")]
    public Task<JsonElement> PlanEvaluationAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("PlanEvaluation", input, cancellationToken);

    /// <summary>Scores a shard.</summary>
    [Function("ScoreShard")]
    public Task<JsonElement> ScoreShardAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("ScoreShard", input, cancellationToken);

    /// <summary>Merges the shards' figures and writes the report.</summary>
    [Function("WriteReport")]
    public Task<JsonElement> WriteReportAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("WriteReport", input, cancellationToken);

    /// <summary>Removes what was only needed on the way.</summary>
    [Function("ClearWork")]
    public Task<JsonElement> ClearWorkAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("ClearWork", input, cancellationToken);
}
