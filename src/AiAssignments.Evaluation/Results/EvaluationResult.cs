using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Telemetry.Memory;

namespace AiAssignments.Evaluation.Results;

/// <summary>Everything a report shows. Its JSON (camelCase, System.Text.Json) is the <c>report.json</c> with the schema in <c>docs/report.schema.json</c>.</summary>
public sealed record EvaluationResult
{
    /// <summary>Version of this shape.</summary>
    public const string CurrentSchema = "1.0";

    /// <summary>Version of the shape of this document.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Id of the evaluation: a hash of model version, dataset and options.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The model.</summary>
    public required ModelFacts Model { get; init; }

    /// <summary>The dataset.</summary>
    public required DatasetFacts Dataset { get; init; }

    /// <summary>The options.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>The machine.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was finished.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What became of the records.</summary>
    public required RecordCounts Counts { get; init; }

    /// <summary>Set for text and image classification.</summary>
    public ClassificationMetrics? Classification { get; init; }

    /// <summary>Set for token classification.</summary>
    public EntityMetrics? Entities { get; init; }

    /// <summary>Accuracy by column and by length.</summary>
    public IReadOnlyList<SliceMetrics> Slices { get; init; } = [];

    /// <summary>The most confident mistakes, most confident first.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>The first bad records (at most 100), in dataset order.</summary>
    public IReadOnlyList<RecordError> BadRecords { get; init; } = [];

    /// <summary>Speed and memory.</summary>
    public required PerformanceSummary Performance { get; init; }

    /// <summary>What the activities did to the memory of their process, by activity; <c>null</c> where it was not measured. Not part of what must repeat to the last bit.</summary>
    public IReadOnlyList<MemoryProfile>? Memory { get; init; }

    /// <summary>Sentences that a reader should know: undefined metrics and the convention, truncation, one class only, small samples.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
