using System.Globalization;
using AiAssignments.Bench.Table;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Bench.Reports;

/// <summary>Figures of a table as a person reads them.</summary>
public static class BenchNumbers
{
    private const char Space = '\u00A0';

    /// <summary>A value with its unit.</summary>
    /// <param name="value">The value.</param>
    /// <param name="unit">As <see cref="BenchFigure.Unit"/> has it.</param>
    public static string Text(double value, string unit) => unit switch
    {
        "ms" => Figures.Milliseconds(value),
        "share" => Figures.Percent(value),
        "/s" => $"{Plain(value)}{Space}/s",
        "users" => value.ToString("N0", CultureInfo.InvariantCulture),
        _ => $"{Plain(value)}{Space}{unit}",
    };

    /// <summary>Least and greatest of the rounds; empty where there was one round, or all read the same.</summary>
    /// <param name="row">The figure.</param>
    public static string Spread(BenchRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Rounds.Count < 2)
        {
            return string.Empty;
        }

        var (least, most) = (Text(row.Min, row.Figure.Unit), Text(row.Max, row.Figure.Unit));
        return least == most ? string.Empty : $"{least} to {most}";
    }

    /// <summary>A ratio, two decimals or three digits.</summary>
    /// <param name="ratio">The ratio.</param>
    public static string Ratio(double ratio) => ratio switch
    {
        < 0.0995 => ratio.ToString("0.000", CultureInfo.InvariantCulture),
        < 9.995 => ratio.ToString("0.00", CultureInfo.InvariantCulture),
        < 99.95 => ratio.ToString("0.0", CultureInfo.InvariantCulture),
        _ => ratio.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Plain(double value) => Figures.Rate(value);
}
