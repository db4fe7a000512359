namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>What a <see cref="ClassificationAccumulator"/> holds, as kept in a shard's result. Equal contents give equal JSON.</summary>
public sealed record ClassificationState
{
    /// <summary>Number of labels.</summary>
    public required int Labels { get; init; }

    /// <summary>Cells of the confusion matrix that are not empty, in rising order: true label, predicted label, count, and so on.</summary>
    public required IReadOnlyList<long> Confusion { get; init; }

    /// <summary>Sum of the log losses in nats, times 2^64.</summary>
    public required Int128 LogLoss { get; init; }

    /// <summary>Sum of the Brier scores, times 2^64.</summary>
    public required Int128 Brier { get; init; }

    /// <summary>Records a calibration bin.</summary>
    public required IReadOnlyList<long> BinCounts { get; init; }

    /// <summary>Right ones a calibration bin.</summary>
    public required IReadOnlyList<long> BinRight { get; init; }

    /// <summary>Sum of the top probabilities a calibration bin, times 2^64.</summary>
    public required IReadOnlyList<Int128> BinConfidence { get; init; }

    /// <summary>Histogram of top probabilities of right predictions.</summary>
    public required IReadOnlyList<long> ScoresRight { get; init; }

    /// <summary>Histogram of top probabilities of wrong predictions.</summary>
    public required IReadOnlyList<long> ScoresWrong { get; init; }

    /// <summary>Records with a top probability under the threshold of abstention.</summary>
    public required long Abstained { get; init; }

    /// <summary>Right ones among the answered.</summary>
    public required long AnsweredRight { get; init; }

    /// <summary>Scores of each label.</summary>
    public required IReadOnlyList<ScoreCountsState> Scores { get; init; }
}
