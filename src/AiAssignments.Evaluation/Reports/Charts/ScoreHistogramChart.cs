using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>How the top probability is spread over right and over wrong predictions: two histograms, each as shares of its own group, so that few mistakes are still seen.</summary>
internal static class ScoreHistogramChart
{
    /// <summary>Draws it.</summary>
    public static void Draw(HtmlWriter html, ScoreHistogram scores, string title)
    {
        var most = Math.Max(0.01, Math.Max(Shares(scores.Right).DefaultIfEmpty(0).Max(), Shares(scores.Wrong).DefaultIfEmpty(0).Max()));
        using var frame = new ChartFrame(html, 440, 448, title, "Two histograms over confidence from 0 to 100 percent: above, of right predictions; below, of wrong ones.");
        Panel(html, scores.Right, most, 12, 196, "right", "right");
        Panel(html, scores.Wrong, most, 228, 412, "wrong", "wrong");
        var x = new Scale(0, 1, 44, 430);
        foreach (var tick in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"428\" text-anchor=\"{(tick == 1 ? "end" : "middle")}\">{Scale.Label(tick * 100)}{(tick == 1 ? "\u00A0%" : string.Empty)}</text>");
        }

        html.Write($"<text class=\"t\" x=\"237\" y=\"444\" text-anchor=\"middle\">confidence (top probability)</text>\n");
    }

    private static double[] Shares(IReadOnlyList<long> counts)
    {
        var sum = counts.Sum();
        return [.. counts.Select(count => sum == 0 ? 0 : (double)count / sum)];
    }

    private static void Panel(HtmlWriter html, IReadOnlyList<long> counts, double most, double top, double bottom, string color, string name)
    {
        var x = new Scale(0, counts.Count, 44, 430);
        var y = new Scale(0, most, bottom, top + 8);
        var shares = Shares(counts);
        foreach (var tick in y.Ticks(3))
        {
            html.Write($"<line class=\"grid\" x1=\"44\" x2=\"430\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"38\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{Scale.Label(Math.Round(tick * 100, 2))}</text>");
        }

        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i] > 0)
            {
                var (from, to) = (x.At(i) + 1, x.At(i + 1) - 1);
                html.Write($"<rect class=\"{color}\" x=\"{from}\" y=\"{Math.Min(y.At(shares[i]), bottom - 0.8)}\" width=\"{to - from}\" height=\"{Math.Max(0.8, bottom - y.At(shares[i]))}\"><title>{Figures.Count(counts[i], "record")} ({Figures.Percent(shares[i])})</title></rect>");
            }
        }

        html.Write($"<text class=\"halo b\" x=\"50\" y=\"{top + 12}\">{Figures.Count(counts.Sum())} {name}</text><text class=\"t halo\" x=\"50\" y=\"{top + 28}\">% of them</text>\n");
    }
}
