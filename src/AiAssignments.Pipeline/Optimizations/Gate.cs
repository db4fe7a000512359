using System.Globalization;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>
/// Decides on the paired interval of the headline metric: the lower end of new minus old must not lie below the loss that is allowed. A gate dataset that is too
/// small to tell refuses, and so does a version that cannot score what the old one could: each such record counts as lost.
/// </summary>
internal static class Gate
{
    // A loss of exactly what is allowed passes, however its last bit was rounded.
    private const double Slack = 1e-12;

    public static GateVerdict Judge(ComparisonResult comparison, GateOptions gate)
    {
        var headline = comparison.Differences.First(difference => difference.Metric is "accuracy" or "entity F1");
        var invariant = CultureInfo.InvariantCulture;
        if (headline.Difference is not { Value: { } value, Lower: { } lower } || !double.IsFinite(lower))
        {
            return new(false, $"Refused: the difference in {headline.Metric} has no interval on this gate dataset, so that nothing can be said about the loss.", headline.Difference);
        }

        var most = (gate.MaxAccuracyDrop * 100).ToString("0.####", invariant);
        var allowed = $"the {most} {(most == "1" ? "point" : "points")} that may be lost";
        var found = $"{headline.Metric} changed by {Points(value)} points ({Points(lower)} to {Points(headline.Difference.Upper ?? value)})";
        var scored = comparison.A.Counts.Scored;
        var missing = Math.Max(0, scored - comparison.Paired);
        if (missing > 0)
        {
            found += string.Create(invariant, $", and {missing:N0} of {scored:N0} records that the old version scored have no result, which counts as lost");
        }

        var unscored = scored == 0 ? 0 : (double)missing / scored;
        if (lower - unscored >= -gate.MaxAccuracyDrop - Slack)
        {
            return new(true, $"Accepted: {found}; the interval stays within {allowed}.", headline.Difference);
        }

        return new(
            false,
            value - unscored >= -gate.MaxAccuracyDrop - Slack
                ? string.Create(invariant, $"Refused: {found}; the point is within {allowed}, but the interval is not: {comparison.Paired:N0} records cannot tell. A larger gate dataset may.")
                : $"Refused: {found}, which is more than {allowed}.",
            headline.Difference);

        string Points(double share) => (share * 100).ToString("+0.00;\u22120.00;0.00", invariant);
    }
}

/// <summary>What the gate says.</summary>
/// <param name="Accepted">Whether the version may be served.</param>
/// <param name="Reason">One sentence that says why.</param>
/// <param name="Difference">Headline metric minus the old version's, with its paired interval.</param>
internal sealed record GateVerdict(bool Accepted, string Reason, MetricEstimate Difference);
