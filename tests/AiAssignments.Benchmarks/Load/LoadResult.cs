using System.Globalization;
using HdrHistogram;

namespace AiAssignments.Benchmarks.Load;

/// <summary>What a load found. Latencies in milliseconds.</summary>
internal sealed record LoadResult(long Answered, long Failed, TimeSpan Elapsed, HistogramBase Latency)
{
    public double PerSecond => Answered / Elapsed.TotalSeconds;

    public double Percentile(double percentile) => Latency.GetValueAtPercentile(percentile) / 1000.0;

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {PerSecond:N0} | {Percentile(50):F2} | {Percentile(99):F2} | {Percentile(99.9):F2} | {Latency.GetMaxValue() / 1000.0:F1} | {Failed} |");

    public const string Header = "| | requests/s | p50 ms | p99 ms | p99.9 ms | max ms | failed |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |";
}
