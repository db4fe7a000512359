using System.Globalization;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>Says in a plain sentence whether a difference is real.</summary>
internal static class Verdicts
{
    /// <summary>The sentence.</summary>
    /// <param name="difference">The paired difference it is about.</param>
    /// <param name="paired">Records compared.</param>
    /// <param name="confidence">Confidence; a difference is real when the p-value is below one minus it.</param>
    public static string For(PairedDifference difference, long paired, double confidence)
    {
        if (paired == 0)
        {
            return "The two evaluations share no labelled record, so nothing can be said.";
        }

        if (difference.Difference.Value is not { } value || difference.PValue is not { } p)
        {
            return $"No difference can be shown: {difference.Metric} is undefined on the records that both have scored.";
        }

        var level = confidence * 100;
        var figures = string.Create(CultureInfo.InvariantCulture, $"{difference.Metric} {Signed(value)} points");
        if (difference.Difference is { Lower: { } lower, Upper: { } upper })
        {
            figures += string.Create(CultureInfo.InvariantCulture, $" ({level:0.##} % interval {Points(lower)} to {Points(upper)})");
        }

        var records = string.Create(CultureInfo.InvariantCulture, $"{paired:N0} {(paired == 1 ? "record" : "records")}");
        var chance = p < 0.001 ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {(p < 0.1 ? Math.Round(p, 3) : Math.Round(p, 2))}");
        return p < 1 - confidence
            ? $"{(value > 0 ? "B" : "A")} is better: {figures}, {chance}, on {records}."
            : $"No difference can be shown: {figures}, {chance}, on {records}.";
    }

    private static string Signed(double value) => (value > 0 ? "+" : string.Empty) + Points(value);

    // Small differences keep two decimals, so that they do not read as none.
    private static string Points(double value) => (value * 100).ToString(Math.Abs(value) < 0.001 ? "0.##" : "0.0", CultureInfo.InvariantCulture);
}
