using System.Globalization;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>A load test in sentences.</summary>
public static class LoadWords
{
    /// <summary>What was offered and for how long, and why it ended.</summary>
    /// <param name="report">The report.</param>
    public static string Reading(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{Offered(report.Load)}, measured for {Number(report.Seconds)} s; {Ended(report)}.";
    }

    /// <summary>Why it ended.</summary>
    /// <param name="report">The report.</param>
    public static string Ended(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var width = report.Stability is { MeanHalfWidth: { } mean, P99HalfWidth: { } p99 } ? $" (mean ±{Number(mean * 100)} %, p99 ±{Number(p99 * 100)} %)" : string.Empty;
        return report.Ended switch
        {
            "stable" => $"it ended when its estimates were stable{width}",
            "schedule" => "it ended with the last request of its schedule",
            "interrupted" => "it was interrupted",
            _ => $"it ended when its time was up{width}",
        };
    }

    private static string Offered(LoadSettings load) => load.Model == "closed"
        ? $"{load.Users} user{(load.Users == 1 ? string.Empty : "s")} over {load.Protocol}{(load.ThinkMilliseconds > 0 ? $" who think for {Number(load.ThinkMilliseconds.Value)} ms" : string.Empty)}, each waiting for its answer"
        : $"{(load.Arrivals is "constant" or "poisson" ? string.Empty : "Up to ")}{Number(load.HighestRate ?? 0)} requests a second over {load.Protocol} ({load.Arrivals}), whatever the server does";

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
