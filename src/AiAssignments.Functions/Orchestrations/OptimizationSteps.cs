using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AiAssignments.Functions.Orchestrations;

/// <summary>The workflow <c>OptimizeModel</c> and its activities.</summary>
/// <param name="workflows">Runs them.</param>
public sealed class OptimizationSteps(DurableWorkflows workflows)
{
    /// <summary>Make a version, score both, judge, report.</summary>
    [Function("OptimizeModel")]
    public Task<JsonElement> OptimizeModel([OrchestrationTrigger] TaskOrchestrationContext context) =>
        workflows.RunWorkflowAsync("OptimizeModel", new OrchestrationContext(context), context.GetInput<JsonElement>());

    /// <summary>Makes a candidate.</summary>
    [Function("RunPass")]
    public Task<JsonElement> RunPassAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("RunPass", input, cancellationToken);

    /// <summary>Holds a candidate against the gate.</summary>
    [Function("JudgeCandidate")]
    public Task<JsonElement> JudgeCandidateAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("JudgeCandidate", input, cancellationToken);

    /// <summary>Finds the layers that hurt most.</summary>
    [Function("RankLayers")]
    public Task<JsonElement> RankLayersAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("RankLayers", input, cancellationToken);

    /// <summary>Measures size, memory, latency and throughput.</summary>
    [Function("MeasureCost")]
    public Task<JsonElement> MeasureCostAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("MeasureCost", input, cancellationToken);

    /// <summary>Writes the report and the outcome.</summary>
    [Function("ConcludeOptimization")]
    public Task<JsonElement> ConcludeOptimizationAsync([ActivityTrigger] JsonElement input, CancellationToken cancellationToken) =>
        workflows.RunActivityAsync("ConcludeOptimization", input, cancellationToken);
}
