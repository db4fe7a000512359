using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>Precision, recall and F1 of one averaging over the resamples of a bootstrap.</summary>
/// <param name="samples">Number of resamples.</param>
internal sealed class BootstrapTriple(int samples)
{
    private readonly BootstrapSample precision = new(samples);
    private readonly BootstrapSample recall = new(samples);
    private readonly BootstrapSample f1 = new(samples);

    /// <summary>Adds a resample.</summary>
    public void Add((double? Precision, double? Recall, double? F1) values)
    {
        precision.Add(values.Precision);
        recall.Add(values.Recall);
        f1.Add(values.F1);
    }

    /// <summary>The figures on the data with their intervals.</summary>
    public AveragedMetrics Estimate(string average, (double? Precision, double? Recall, double? F1) values, double confidence, string method) => new(
        average,
        precision.Estimate(values.Precision, confidence, method),
        recall.Estimate(values.Recall, confidence, method),
        f1.Estimate(values.F1, confidence, method));
}
