using System.Globalization;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Terminal;

/// <summary>Metrics as a person reads them on a console.</summary>
public static class Estimates
{
    /// <summary>For example <c>91.7 % [90.4, 92.8]</c>; <c>undefined</c> when it is.</summary>
    /// <param name="estimate">A metric between 0 and 1.</param>
    public static string Percent(MetricEstimate estimate)
    {
        if (estimate.Value is not { } value)
        {
            return "undefined";
        }

        return estimate is { Lower: { } lower, Upper: { } upper }
            ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} % [{lower * 100:F1}, {upper * 100:F1}]")
            : string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %");
    }

    /// <summary>A count with thousands separators.</summary>
    /// <param name="count">The count.</param>
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
