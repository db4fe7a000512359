using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>How fast and how heavy it was.</summary>
internal static class PerformanceSection
{
    public static void Write(ReportPage page, EvaluationResult result)
    {
        var (html, performance) = (page.Html, result.Performance);
        var latency = performance.Batches;
        html.Write($"<div class=\"pair\">\n");
        if (latency.Samples > 0 && latency.Buckets.Any(bucket => bucket.Count > 0))
        {
            html.Write($"<figure><figcaption><strong>Latency</strong>{Figures.Count(latency.Samples, latency.Unit == "batch" ? "model run" : latency.Unit)}, one sample a {latency.Unit}.</figcaption>\n");
            LatencyChart.Draw(html, latency, "Latency histogram");
            html.Write($"</figure>\n");
        }

        if (performance.Throughput.Count > 1)
        {
            html.Write($"<figure><figcaption><strong>Throughput over time</strong>A steady line says that nothing else slowed the run down.</figcaption>\n");
            ThroughputChart.Draw(html, performance.Throughput, result.StartedAt, "Throughput over time");
            html.Write($"</figure>\n");
        }

        html.Write($"</div>\n<dl class=\"rows\">\n");
        if (latency.Samples > 0)
        {
            page.Row($"Latency of a {latency.Unit}", $"p50 {Figures.Milliseconds(latency.P50)}, p90 {Figures.Milliseconds(latency.P90)}, p95 {Figures.Milliseconds(latency.P95)}, p99 {Figures.Milliseconds(latency.P99)}, max {Figures.Milliseconds(latency.Max)}, from {Figures.Count(latency.Samples, "sample")}");
        }

        page.Row("Throughput", $"{Figures.Rate(performance.RecordsPerSecond)} records a second by the whole process while shards were scored");
        page.Row("Time spent scoring", $"{Figures.Milliseconds(performance.ScoringSeconds * 1000)}, summed over {Figures.Count(performance.Throughput.Count, "shard")}");
        page.Row("From start to finish", Figures.Milliseconds((result.FinishedAt - result.StartedAt).TotalMilliseconds));
        page.Row("Peak working set", Figures.Bytes(performance.PeakWorkingSetBytes));
        page.Row("Managed memory allocated", $"{Figures.Bytes(performance.AllocatedBytes)} by the whole process while shards were scored");
        html.Write($"</dl>\n");
    }
}
