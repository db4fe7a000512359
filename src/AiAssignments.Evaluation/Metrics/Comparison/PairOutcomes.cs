using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>How often both models, one of them or none were right on the same record.</summary>
internal sealed class PairOutcomes
{
    /// <summary>Both right.</summary>
    public long Both { get; private set; }

    /// <summary>A alone right.</summary>
    public long OnlyA { get; private set; }

    /// <summary>B alone right.</summary>
    public long OnlyB { get; private set; }

    /// <summary>Both wrong.</summary>
    public long Neither { get; private set; }

    /// <summary>Pairs.</summary>
    public long Count => Both + OnlyA + OnlyB + Neither;

    /// <summary>Counts a pair.</summary>
    public void Add(bool rightA, bool rightB)
    {
        Both += rightA && rightB ? 1 : 0;
        OnlyA += rightA && !rightB ? 1 : 0;
        OnlyB += !rightA && rightB ? 1 : 0;
        Neither += !rightA && !rightB ? 1 : 0;
    }

    /// <summary>
    /// The difference of the two shares of right ones: Newcombe's paired interval, and McNemar's exact test, which is never more certain
    /// than its level allows; its sum is cheap at any size, so no approximation takes its place.
    /// </summary>
    /// <param name="metric">What a share of right ones is called.</param>
    /// <param name="confidence">Confidence of the interval.</param>
    public PairedDifference Difference(string metric, double confidence)
    {
        if (Count == 0)
        {
            return new PairedDifference(metric, null, null, new MetricEstimate(null), null, "mcnemar-exact");
        }

        var (lower, upper) = NewcombeInterval.Bounds(Both, OnlyA, OnlyB, Neither, confidence);
        return new PairedDifference(
            metric,
            (double)(Both + OnlyA) / Count,
            (double)(Both + OnlyB) / Count,
            new MetricEstimate((double)(OnlyB - OnlyA) / Count, lower, upper, NewcombeInterval.Method),
            BinomialDistribution.McNemarExact(OnlyA, OnlyB),
            "mcnemar-exact");
    }
}
