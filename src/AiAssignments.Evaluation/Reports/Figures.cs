using System.Globalization;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>Numbers as a person reads them: percents, counts, sizes, durations. Invariant culture, no-break spaces before units.</summary>
internal static class Figures
{
    /// <summary>What stands for 0/0.</summary>
    public const string Undefined = "undefined";

    private const char Space = '\u00A0';

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A share with its unit: <c>91.7 %</c>. A value that is not quite 0 or 1 never reads as if it were.</summary>
    public static string Percent(double? share) => share is { } value ? PercentNumber(value) + Space + "%" : Undefined;

    /// <summary>A share in percent without its unit: <c>91.7</c>.</summary>
    public static string PercentNumber(double share)
    {
        var percent = share * 100;
        var size = Math.Abs(percent);
        var decimals = 1;
        while (decimals < 6 && IsMisleading(size, decimals))
        {
            decimals++;
        }

        return Fixed(share, decimals);
    }

    /// <summary>A difference of shares in percentage points, always signed: <c>+1.2</c>.</summary>
    public static string Points(double? difference)
    {
        if (difference is not { } value)
        {
            return Undefined;
        }

        var text = Fixed(value, 1);
        return value > 0 && text != "0.0" ? "+" + text : text;
    }

    /// <summary>A number that is not a share, three decimals: <c>0.873</c>.</summary>
    public static string Number(double? value) => value is { } number ? Signed(number.ToString("F3", Culture)) : Undefined;

    /// <summary>A count with thousands separators: <c>2,000</c>.</summary>
    public static string Count(long count) => Signed(count.ToString("N0", Culture));

    /// <summary>A count and its noun: <c>1 record</c>, <c>2,000 records</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)}{Space}{noun}{(count == 1 ? string.Empty : "s")}";

    /// <summary>An interval of shares: <c>90.4–92.8 %</c>; empty when there is none.</summary>
    public static string Interval(MetricEstimate estimate) =>
        estimate is { Lower: { } lower, Upper: { } upper } ? $"{PercentNumber(lower)}–{PercentNumber(upper)}{Space}%" : string.Empty;

    /// <summary>An interval of numbers that are not shares.</summary>
    public static string NumberInterval(MetricEstimate estimate) =>
        estimate is { Lower: { } lower, Upper: { } upper } ? $"{Number(lower)} to {Number(upper)}" : string.Empty;

    /// <summary>A size in decimal units: <c>12.4 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 1000)
        {
            return Count(bytes, "byte");
        }

        string[] units = ["kB", "MB", "GB", "TB", "PB", "EB"];
        var value = bytes / 1000.0;
        var unit = 0;
        while (value >= 999.95 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString("F1", Culture) + Space + units[unit];
    }

    /// <summary>A duration given in milliseconds, three significant digits: <c>12.4 ms</c>, <c>1.23 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        < 0.1 => Significant(milliseconds * 1000) + Space + "µs",
        < 999.5 => Significant(milliseconds) + Space + "ms",
        < 120_000 => Significant(milliseconds / 1000) + Space + "s",
        _ => $"{Count((long)(milliseconds / 60_000))}{Space}min{Space}{(long)(milliseconds / 1000) % 60}{Space}s",
    };

    /// <summary>A rate, three significant digits: <c>1,840</c>, <c>12.3</c>.</summary>
    public static string Rate(double perSecond) => Significant(perSecond);

    /// <summary>A p-value as journals print it: <c>0.031</c>, <c>&lt; 0.001</c>.</summary>
    public static string PValue(double? p) => p switch
    {
        null => Undefined,
        < 0.001 => "<" + Space + "0.001",
        { } value => value.ToString("F3", Culture),
    };

    /// <summary>A time in UTC: <c>2026-03-01 09:30:00 UTC</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture) + " UTC";

    /// <summary>The level of the intervals: <c>95 %</c>.</summary>
    public static string Level(double confidence) => (confidence * 100).ToString("0.##", Culture) + Space + "%";

    // Through decimal, so that 0.0185 (whose nearest double is a little less) reads 1.9 as anyone would round it, and not 1.8.
    private static string Fixed(double share, int decimals)
    {
        var format = "F" + decimals.ToString(Culture);
        return Signed(Math.Abs(share) < 1e9 ? ((decimal)share * 100m).ToString(format, Culture) : (share * 100).ToString(format, Culture));
    }

    private static bool IsMisleading(double percent, int decimals)
    {
        var rounded = Math.Round(percent, decimals, MidpointRounding.AwayFromZero);
        return (rounded == 0 && percent > 0) || (rounded == 100 && percent < 100);
    }

    private static string Significant(double value) => Math.Abs(value) switch
    {
        < 9.995 => value.ToString("F2", Culture),
        < 99.95 => value.ToString("F1", Culture),
        _ => value.ToString("N0", Culture),
    };

    // A real minus sign is as wide as the plus; and zero has no sign.
    private static string Signed(string number)
    {
        if (!number.StartsWith('-'))
        {
            return number;
        }

        return number.AsSpan(1).IndexOfAnyExcept("0.") < 0 ? number[1..] : string.Concat("\u2212", number.AsSpan(1));
    }
}
