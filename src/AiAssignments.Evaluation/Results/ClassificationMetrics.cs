namespace AiAssignments.Evaluation.Results;

/// <summary>All figures of a single-label classification.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>Label names, in the order of rows and columns of <see cref="Confusion"/>.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Confusion matrix: <c>Confusion[true][predicted]</c>, counts.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <summary>Records scored with a label.</summary>
    public required long Count { get; init; }

    /// <summary>Share of right ones.</summary>
    public required MetricEstimate Accuracy { get; init; }

    /// <summary>Mean recall over the classes present (scikit-learn's <c>balanced_accuracy_score</c>).</summary>
    public required MetricEstimate BalancedAccuracy { get; init; }

    /// <summary>Micro, macro and weighted averages.</summary>
    public required IReadOnlyList<AveragedMetrics> Averages { get; init; }

    /// <summary>One row a class.</summary>
    public required IReadOnlyList<ClassMetrics> Classes { get; init; }

    /// <summary>Matthews correlation coefficient (multiclass: Gorodkin 2004).</summary>
    public required MetricEstimate Mcc { get; init; }

    /// <summary>Cohen's kappa.</summary>
    public required MetricEstimate CohenKappa { get; init; }

    /// <summary>Mean negative log probability of the true label, nats; probabilities clipped as scikit-learn does.</summary>
    public double? LogLoss { get; init; }

    /// <summary>Mean squared distance of the probability vector from the one-hot truth (two classes: of the positive class alone, as scikit-learn's <c>brier_score_loss</c>).</summary>
    public double? Brier { get; init; }

    /// <summary>Area under the ROC curve: two classes, of the second label; more, the macro average one-vs-rest.</summary>
    public double? RocAuc { get; init; }

    /// <summary>Expected calibration error over <see cref="Calibration"/>.</summary>
    public double? ExpectedCalibrationError { get; init; }

    /// <summary>The calibration curve.</summary>
    public IReadOnlyList<CalibrationBin> Calibration { get; init; } = [];

    /// <summary>Histogram of the top probability of right and of wrong predictions, 20 bins of equal width over 0..1.</summary>
    public ScoreHistogram? Scores { get; init; }

    /// <summary>Abstention figures, when a threshold was given.</summary>
    public AbstentionMetrics? Abstention { get; init; }
}
