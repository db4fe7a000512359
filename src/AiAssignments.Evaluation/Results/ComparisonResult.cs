namespace AiAssignments.Evaluation.Results;

/// <summary>Two evaluations on the same records, with a paired test.</summary>
public sealed record ComparisonResult
{
    /// <summary>The first evaluation (baseline).</summary>
    public required EvaluationResult A { get; init; }

    /// <summary>The second.</summary>
    public required EvaluationResult B { get; init; }

    /// <summary>Records scored by both.</summary>
    public required long Paired { get; init; }

    /// <summary>Both right (for tagging: sentences without a wrong entity).</summary>
    public required long BothRight { get; init; }

    /// <summary>Only A right.</summary>
    public required long OnlyA { get; init; }

    /// <summary>Only B right.</summary>
    public required long OnlyB { get; init; }

    /// <summary>Both wrong.</summary>
    public required long BothWrong { get; init; }

    /// <summary>The differences, B minus A, each with interval and test.</summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }

    /// <summary>One plain sentence: whether the difference is real.</summary>
    public required string Verdict { get; init; }

    /// <summary>Sentences that a reader should know: records of one evaluation alone, records without a label, different files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One paired difference.</summary>
/// <param name="Metric"><c>accuracy</c>, <c>macro F1</c>, <c>entity F1</c>, <c>sentences without a wrong entity</c>.</param>
/// <param name="A">Value of A.</param>
/// <param name="B">Value of B.</param>
/// <param name="Difference">B minus A, with interval.</param>
/// <param name="PValue">Two-sided p-value.</param>
/// <param name="Test"><c>mcnemar-exact</c>, <c>mcnemar-mid-p</c> or <c>paired-bootstrap</c>.</param>
public sealed record PairedDifference(string Metric, double? A, double? B, MetricEstimate Difference, double? PValue, string Test);
