using System.Globalization;
using HdrHistogram;

namespace AiAssignments.Benchmarks.Load;

/// <summary>What a load found. Latencies in milliseconds.</summary>
internal sealed record LoadResult(long Answered, long Failed, TimeSpan Elapsed, HistogramBase Latency)
{
    /// <summary>What went wrong how often: a status, or <c>connection</c> or <c>no answer</c>.</summary>
    public IReadOnlyDictionary<string, long> Failures { get; init; } = new Dictionary<string, long>();

    /// <summary>The failures in one cell of a table: <c>0</c>, or <c>12 (429: 12)</c>.</summary>
    public string FailedCell => Failed == 0 ? "0" : $"{Failed} ({string.Join(", ", Failures.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key}: {kind.Value}"))})";

    public double PerSecond => Answered / Elapsed.TotalSeconds;

    public double Percentile(double percentile) => Latency.GetValueAtPercentile(percentile) / 1000.0;

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {PerSecond:N0} | {Percentile(50):F2} | {Percentile(99):F2} | {Percentile(99.9):F2} | {Latency.GetMaxValue() / 1000.0:F1} | {FailedCell} |");

    public const string Header = "| | requests/s | p50 ms | p99 ms | p99.9 ms | max ms | failed |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |";
}
