using System.Globalization;
using AiAssignments.LoadTesting.Capacity;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>The figures of a load test for a person.</summary>
public static class LoadTable
{
    private const int NameWidth = 14;

    /// <summary>Writes the figures.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The report.</param>
    public static void Write(IAnsiConsole console, LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        var output = console.Profile.Out.Writer;
        var requests = report.Requests;
        output.WriteLine(SafeText.Of($"{report.Load.Url} ({report.Load.Address})", 300));
        output.WriteLine(LoadWords.Reading(report));
        output.WriteLine();
        Line("requests", $"{Count(requests.Total)}");
        Line("success rate", requests.SuccessRate is { } rate ? Invariant($"{rate * 100:0.###} %") : "undefined");
        Line("throughput", Invariant($"{requests.PerSecond:N1} requests/s{(requests.OfferedPerSecond is { } offered ? Invariant($" of {offered:N1} offered") : string.Empty)}"));
        Line("bytes", Invariant($"{Bytes(requests.BytesReceived)} received ({Bytes((long)requests.ReceivedPerSecond)}/s), {Bytes(requests.BytesSent)} sent"));
        output.WriteLine();
        output.WriteLine($"{string.Empty,NameWidth}{"latency",12}{"service time",14}");
        foreach (var (name, figure) in Figures)
        {
            output.WriteLine($"{name,-NameWidth}{Cell(report.Latency, figure),12}{Cell(report.Service, figure),14}");
        }

        output.WriteLine();
        var errors = report.Errors;
        Line("errors", errors.Total == 0 ? "none" : $"{Count(errors.Status)} status, {Count(errors.Connect)} connect, {Count(errors.Timeout)} timeout, {Count(errors.Reset)} reset, {Count(errors.Body)} body");
        Line("statuses", report.Statuses.Count == 0 ? "none" : string.Join(", ", report.Statuses.Select(status => $"{status.Key}: {Count(status.Value)}")));
        foreach (var (message, count) in report.Messages.OrderByDescending(message => message.Value).Take(3))
        {
            Line(string.Empty, $"{Count(count)} × {SafeText.Of(message, 200)}");
        }

        Line("generator", $"lag p50 {Time(report.Generator.LagP50)}, p99 {Time(report.Generator.LagP99)}; {Invariant($"{report.Generator.Processor * 100:F0} %")} of {report.Generator.Processors} processors; {Count(report.Generator.Connections)} connections");
        foreach (var warning in report.Generator.Warnings)
        {
            Line("note", warning);
        }

        foreach (var assertion in report.Assertions)
        {
            Line(assertion.Failed ? "FAILED" : "passed", $"{assertion.Text}: {assertion.Actual}");
        }

        void Line(string name, string value) => output.WriteLine($"{name,-NameWidth}{value}");
    }

    /// <summary>Writes a probe of a capacity search as a line.</summary>
    /// <param name="probe">The probe.</param>
    public static string Probe(CapacityProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return Invariant($"{probe.Stage,-13} {probe.Rate,9:N0}/s  {(probe.Met ? "met    " : "not met")}  {probe.Observed}; {probe.PerSecond:N0}/s answered{(probe.Bottleneck ? "; the generator was the bottleneck" : string.Empty)}");
    }

    /// <summary>A time with three digits or so: <c>0.412 ms</c>, <c>12.4 ms</c>, <c>1.23 s</c>.</summary>
    /// <param name="milliseconds">The time.</param>
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => Invariant($"{milliseconds:0.000} ms"),
        < 100 => Invariant($"{milliseconds:0.0} ms"),
        < 1000 => Invariant($"{milliseconds:0} ms"),
        _ => Invariant($"{milliseconds / 1000:0.00} s"),
    };

    private static readonly (string Name, Func<LatencyFigures, double> Figure)[] Figures =
    [
        ("average", figures => figures.Average),
        ("median", figures => figures.Median),
        ("min", figures => figures.Min),
        ("max", figures => figures.Max),
        ("p90", figures => figures.P90),
        ("p95", figures => figures.P95),
        ("p99", figures => figures.P99),
        ("p99.9", figures => figures.P999),
    ];

    private static string Cell(LatencyFigures? figures, Func<LatencyFigures, double> figure) => figures is null ? "none" : Time(figure(figures));

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => Invariant($"{bytes:N0} B"),
        < 10_000_000 => Invariant($"{bytes / 1e3:0.0} kB"),
        < 10_000_000_000 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{bytes / 1e9:0.0} GB"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
