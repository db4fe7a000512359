namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>
/// Interval of the difference of two paired proportions: Newcombe 1998 ("Improved confidence intervals for the difference between
/// binomial proportions based on paired data"), method 10: Wilson's intervals joined, with the continuity-corrected correlation.
/// </summary>
internal static class NewcombeInterval
{
    /// <summary>Name in <see cref="Results.MetricEstimate.Method"/>.</summary>
    public const string Method = "newcombe-paired";

    /// <summary>The two ends of B's proportion minus A's.</summary>
    /// <param name="both">Pairs where both succeed.</param>
    /// <param name="onlyA">Pairs where A alone does.</param>
    /// <param name="onlyB">Pairs where B alone does.</param>
    /// <param name="neither">Pairs where neither does.</param>
    /// <param name="confidence">Confidence, between 0 and 1.</param>
    public static (double Lower, double Upper) Bounds(long both, long onlyA, long onlyB, long neither, double confidence)
    {
        var count = both + onlyA + onlyB + neither;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var a = (double)(both + onlyA) / count;
        var b = (double)(both + onlyB) / count;
        var (lowerA, upperA) = WilsonInterval.Bounds(both + onlyA, count, confidence);
        var (lowerB, upperB) = WilsonInterval.Bounds(both + onlyB, count, confidence);
        var correlation = Correlation(both, onlyA, onlyB, neither);
        var difference = (double)(onlyB - onlyA) / count;
        var lower = difference - Join(b - lowerB, upperA - a, correlation);
        var upper = difference + Join(upperB - b, a - lowerA, correlation);
        return (Math.Max(-1, lower), Math.Min(1, upper));
    }

    private static double Join(double first, double second, double correlation) =>
        Math.Sqrt(Math.Max(0, (first * first) - (2 * correlation * first * second) + (second * second)));

    private static double Correlation(double both, double onlyA, double onlyB, double neither)
    {
        var margins = (both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither);
        if (margins == 0)
        {
            return 0;
        }

        var cross = (both * neither) - (onlyA * onlyB);
        var corrected = cross > 0 ? Math.Max(0, cross - ((both + onlyA + onlyB + neither) / 2)) : cross;
        return corrected / Math.Sqrt(margins);
    }
}
