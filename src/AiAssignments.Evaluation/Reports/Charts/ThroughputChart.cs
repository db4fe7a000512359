using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Records per second of each shard over the time of the run.</summary>
internal static class ThroughputChart
{
    private const int MostPoints = 240;

    /// <summary>Draws it; needs two points or more.</summary>
    public static void Draw(HtmlWriter html, IReadOnlyList<ThroughputPoint> points, DateTimeOffset start, string title)
    {
        var rates = Thin([.. points.Select(point => (Seconds: Math.Max(0, (point.At - start).TotalSeconds), Rate: point.Seconds > 0 ? point.Records / point.Seconds : 0))]);
        var most = Math.Max(1e-3, rates.Max(point => point.Rate));
        var x = new Scale(0, Math.Max(1e-3, rates.Max(point => point.Seconds)), 56, 520);
        var y = new Scale(0, most * 1.08, 232, 20);
        using var frame = new ChartFrame(html, 536, 276, title, $"{points.Count} shards; between {Figures.Rate(rates.Min(point => point.Rate))} and {Figures.Rate(most)} records per second.");
        foreach (var tick in y.Ticks(4))
        {
            html.Write($"<line class=\"grid\" x1=\"56\" x2=\"520\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"50\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{Scale.Label(tick)}</text>");
        }

        foreach (var tick in x.Ticks(6))
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"248\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        html.Write($"\n<path class=\"lr\" d=\"");
        for (var i = 0; i < rates.Count; i++)
        {
            html.Write($"{(i == 0 ? "M" : "L")}{x.At(rates[i].Seconds)} {y.At(rates[i].Rate)}");
        }

        html.Write($"\"/>");
        if (rates.Count <= 60)
        {
            foreach (var (seconds, rate) in rates)
            {
                html.Write($"<circle class=\"right\" cx=\"{x.At(seconds)}\" cy=\"{y.At(rate)}\" r=\"3\"/>");
            }
        }

        html.Write($"<text class=\"t\" x=\"56\" y=\"12\">records per second, one point a shard</text><text class=\"t\" x=\"288\" y=\"268\" text-anchor=\"middle\">seconds since the start</text>\n");
    }

    // Neighbours are averaged where there are more shards than the eye can tell apart.
    private static List<(double Seconds, double Rate)> Thin(List<(double Seconds, double Rate)> points)
    {
        if (points.Count <= MostPoints)
        {
            return points;
        }

        var size = (points.Count + MostPoints - 1) / MostPoints;
        return [.. points.Chunk(size).Select(chunk => (chunk[^1].Seconds, chunk.Average(point => point.Rate)))];
    }
}
