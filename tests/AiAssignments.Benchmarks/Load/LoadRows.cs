using System.Globalization;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Benchmarks.Load;

/// <summary>What a load found, as rows of a table. Latencies in milliseconds.</summary>
internal static class LoadRows
{
    public const string Header = "| | requests/s | p50 ms | p99 ms | p99.9 ms | max ms | failed |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |";

    public static string Row(this LoadReport report, string name) => report.Latency is { } latency
        ? string.Create(CultureInfo.InvariantCulture, $"| {name} | {report.Requests.PerSecond:N0} | {latency.Median:F2} | {latency.P99:F2} | {latency.P999:F2} | {latency.Max:F1} | {report.FailedCell()} |")
        : $"| {name} | 0 | - | - | - | - | {report.FailedCell()} |";

    /// <summary>The failures in one cell: <c>0</c>, or <c>12 (429: 12)</c>.</summary>
    public static string FailedCell(this LoadReport report)
    {
        var kinds = report.Statuses.Where(status => !status.Key.StartsWith('2')).Select(status => (status.Key, status.Value))
            .Concat([("connection", report.Errors.Connect + report.Errors.Reset), ("no answer", report.Errors.Timeout), ("body", report.Errors.Body)]).Where(kind => kind.Item2 > 0);
        return report.Requests.Failed == 0 ? "0" : $"{report.Requests.Failed} ({string.Join(", ", kinds.Select(kind => $"{kind.Item1}: {kind.Item2}"))})";
    }
}
