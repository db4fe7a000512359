using AiAssignments.Evaluation.Results;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>The result of an optimization in a few lines; the rest is in the report.</summary>
public sealed record OptimizationOutcome
{
    /// <summary>Its id.</summary>
    public required string OptimizationId { get; init; }

    /// <summary>The version it started from, as <c>name@version</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The version it made, as <c>name@version</c>.</summary>
    public required string Candidate { get; init; }

    /// <summary>The pass, for example <c>quantize:dynamic-int8</c>.</summary>
    public required string Pass { get; init; }

    /// <summary>Name of the gate dataset. Hostile: encode it.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether the gate let it through.</summary>
    public required bool Accepted { get; init; }

    /// <summary>One sentence that says why.</summary>
    public required string Verdict { get; init; }

    /// <summary>Whether the model's name stands for it now, because that was asked for.</summary>
    public required bool Promoted { get; init; }

    /// <summary>Versions tried; this one is the last.</summary>
    public required int Attempts { get; init; }

    /// <summary>Metrics of the new version (B) and the old one (A) with paired intervals, the headline first.</summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }

    /// <summary>What the old version costs.</summary>
    public required ModelCost Before { get; init; }

    /// <summary>What the new version costs.</summary>
    public required ModelCost After { get; init; }

    /// <summary>Ids of the evaluations that decided: of the old version, then of the new one.</summary>
    public required IReadOnlyList<string> Evaluations { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Blob path of the report's folder, with a trailing <c>/</c>.</summary>
    public required string ReportFolder { get; init; }
}
