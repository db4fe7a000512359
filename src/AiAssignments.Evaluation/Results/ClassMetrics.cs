namespace AiAssignments.Evaluation.Results;

/// <summary>Figures of one class against the rest. Undefined ones are <c>null</c> and count as zero in averages (scikit-learn's <c>zero_division=0</c>).</summary>
/// <param name="Label">Label name.</param>
/// <param name="Support">Records whose true label it is.</param>
/// <param name="Predicted">Records for which it was predicted.</param>
/// <param name="TruePositives">Both.</param>
/// <param name="Precision">tp / predicted, with Wilson interval (for entity types: bootstrap over sentences).</param>
/// <param name="Recall">tp / support, with Wilson interval (for entity types: bootstrap over sentences).</param>
/// <param name="F1">2tp / (support + predicted), with bootstrap interval.</param>
/// <param name="RocAuc">One-vs-rest area under the ROC curve; <c>null</c> when a side is empty or no scores exist.</param>
public sealed record ClassMetrics(
    string Label,
    long Support,
    long Predicted,
    long TruePositives,
    MetricEstimate Precision,
    MetricEstimate Recall,
    MetricEstimate F1,
    double? RocAuc = null);
