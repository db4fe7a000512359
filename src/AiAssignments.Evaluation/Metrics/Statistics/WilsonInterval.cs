using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>Wilson's score interval of a proportion (Wilson 1927), without continuity correction. It always holds the estimate and never leaves 0..1.</summary>
public static class WilsonInterval
{
    /// <summary>Name in <see cref="MetricEstimate.Method"/>.</summary>
    public const string Method = "wilson";

    /// <summary>The proportion with its interval; no value when <paramref name="count"/> is 0.</summary>
    /// <param name="successes">Successes, 0..count.</param>
    /// <param name="count">Trials.</param>
    /// <param name="confidence">Confidence, between 0 and 1.</param>
    public static MetricEstimate Estimate(long successes, long count, double confidence)
    {
        if (count == 0)
        {
            return new MetricEstimate(null);
        }

        var (lower, upper) = Bounds(successes, count, confidence);
        return new MetricEstimate((double)successes / count, lower, upper, Method);
    }

    /// <summary>The two ends.</summary>
    public static (double Lower, double Upper) Bounds(long successes, long count, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        var z = NormalDistribution.TwoSided(confidence);
        var p = (double)successes / count;
        var scale = 1 + (z * z / count);
        var centre = (p + (z * z / (2 * count))) / scale;
        var half = z / scale * Math.Sqrt((p * (1 - p) / count) + (z * z / (4.0 * count * count)));

        // At 0 and n the formula's end is 0 and 1 but for rounding.
        var lower = successes == 0 ? 0 : Math.Clamp(centre - half, 0, p);
        var upper = successes == count ? 1 : Math.Clamp(centre + half, p, 1);
        return (lower, upper);
    }
}
