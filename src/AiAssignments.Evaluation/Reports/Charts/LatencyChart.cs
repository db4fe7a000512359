using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Latency histogram with the percentiles marked. The axis is logarithmic when the slowest is more than eight times the median.</summary>
internal static class LatencyChart
{
    private const int Bins = 40;

    /// <summary>Draws it.</summary>
    public static void Draw(HtmlWriter html, LatencySummary latency, string title)
    {
        var least = Math.Max(1e-3, latency.Buckets.Where(bucket => bucket.Count > 0).Select(bucket => bucket.UpperMilliseconds).DefaultIfEmpty(latency.P50).Min());
        var largest = Math.Max(latency.Max, latency.Buckets.Where(bucket => bucket.Count > 0).Select(bucket => bucket.UpperMilliseconds).DefaultIfEmpty(0).Max());
        var log = largest > 8 * latency.P50;
        var from = log ? least * 0.9 : 0;
        var to = Math.Max(largest * 1.02, from + 1e-3);
        var x = new Scale(from, to, 44, 520, log);
        var bins = Spread(latency.Buckets, x);
        var y = new Scale(0, Math.Max(1, bins.Max()), 232, 68);
        using var frame = new ChartFrame(html, 536, 276, title, $"Histogram of {latency.Samples} samples in milliseconds{(log ? ", logarithmic axis" : string.Empty)}; median {Figures.Milliseconds(latency.P50)}, 95th percentile {Figures.Milliseconds(latency.P95)}, 99th {Figures.Milliseconds(latency.P99)}.");
        foreach (var tick in y.Ticks(4))
        {
            html.Write($"<line class=\"grid\" x1=\"44\" x2=\"520\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"38\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{ChartText.Short((long)tick)}</text>");
        }

        var width = (x.End - x.Start) / Bins;
        for (var i = 0; i < Bins; i++)
        {
            if (bins[i] > 0)
            {
                var height = Math.Max(0.8, y.Start - y.At(bins[i]));
                html.Write($"<rect class=\"right\" fill-opacity=\"0.6\" x=\"{x.Start + (i * width) + 0.5}\" y=\"{y.Start - height}\" width=\"{width - 1}\" height=\"{height}\"/>");
            }
        }

        foreach (var tick in x.Ticks(7))
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"248\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        html.Write($"<text class=\"t\" x=\"282\" y=\"268\" text-anchor=\"middle\">milliseconds a {latency.Unit}{(log ? ", logarithmic" : string.Empty)}</text>\n");
        Mark(html, "p50", latency.P50, x, 14);
        Mark(html, "p95", latency.P95, x, 32);
        Mark(html, "p99", latency.P99, x, 50);
    }

    // Buckets of any width become bins of equal width on the axis, by their upper edge.
    private static long[] Spread(IReadOnlyList<LatencyBucket> buckets, Scale x)
    {
        var bins = new long[Bins];
        foreach (var bucket in buckets)
        {
            var share = (x.At(bucket.UpperMilliseconds) - x.Start) / (x.End - x.Start);
            bins[Math.Clamp((int)Math.Ceiling(share * Bins) - 1, 0, Bins - 1)] += bucket.Count;
        }

        return bins;
    }

    private static void Mark(HtmlWriter html, string name, double value, Scale x, double y)
    {
        var at = x.At(value);
        var flip = at > 420;
        html.Write($"<line class=\"whisker\" x1=\"{at}\" x2=\"{at}\" y1=\"{y - 8}\" y2=\"232\"/><text class=\"s halo\" x=\"{(flip ? at - 5 : at + 5)}\" y=\"{y}\" text-anchor=\"{(flip ? "end" : "start")}\">{name} {Figures.Milliseconds(value)}</text>\n");
    }
}
