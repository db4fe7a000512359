using AiAssignments.Core.Datasets;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>What the plan step decided; written once, read by every shard.</summary>
internal sealed record EvaluationPlan
{
    public required EvaluationRequest Request { get; init; }

    public required ModelVersion Model { get; init; }

    public required Dataset Dataset { get; init; }

    /// <summary>The dataset as recognized with this evaluation's options.</summary>
    public required DatasetDescription Description { get; init; }

    public required ShardPlan Shards { get; init; }

    public required LabelDecision Labels { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What planning did to the memory, where that was asked for.</summary>
    public MemoryProfile? Memory { get; init; }

    /// <summary>For a person: <c>model on dataset</c>.</summary>
    public string Title => $"{Model.Reference} on {Dataset.Name}";
}
