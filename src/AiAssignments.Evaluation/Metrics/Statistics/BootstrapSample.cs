using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>The values of one metric over the resamples of a bootstrap. A resample where it is undefined (NaN) is left out.</summary>
internal sealed class BootstrapSample
{
    private readonly double[] values;
    private int count;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">Number of resamples.</param>
    public BootstrapSample(int capacity) => values = new double[capacity];

    /// <summary>Adds a resample's value.</summary>
    public void Add(double? value)
    {
        if (value is { } defined && !double.IsNaN(defined))
        {
            values[count++] = defined;
        }
    }

    /// <summary>
    /// The metric with its percentile interval (linear interpolation between order statistics, as numpy does). Where the resamples are
    /// biased so far that the interval misses the estimate, it is widened to reach it, which can only raise its coverage.
    /// </summary>
    /// <param name="value">The metric on the data; <c>null</c> gives no interval.</param>
    /// <param name="confidence">Confidence, between 0 and 1.</param>
    /// <param name="method">Name of the method.</param>
    public MetricEstimate Estimate(double? value, double confidence, string method)
    {
        if (value is not { } estimate || count == 0)
        {
            return new MetricEstimate(value);
        }

        Array.Sort(values, 0, count);
        var tail = (1 - confidence) / 2;
        return new MetricEstimate(value, Math.Min(estimate, Percentile(tail)), Math.Max(estimate, Percentile(1 - tail)), method);
    }

    /// <summary>Two-sided p-value of the hypothesis that the metric is zero: twice the smaller share of resamples on one side, the data itself counted as one resample (Davison and Hinkley 1997, 4.2).</summary>
    public double PValueOfZero()
    {
        var atMost = 1;
        var atLeast = 1;
        foreach (var value in values.AsSpan(0, count))
        {
            atMost += value <= 0 ? 1 : 0;
            atLeast += value >= 0 ? 1 : 0;
        }

        return Math.Min(1, 2.0 * Math.Min(atMost, atLeast) / (count + 1));
    }

    private double Percentile(double share)
    {
        var at = share * (count - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, count - 1);
        return values[below] + ((at - below) * (values[above] - values[below]));
    }
}
