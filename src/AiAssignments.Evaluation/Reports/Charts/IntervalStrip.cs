using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>The headline's picture: the value and its interval on the whole scale from 0 to 100 %, with a mark for what guessing would reach.</summary>
internal static class IntervalStrip
{
    /// <summary>Draws it; the value must be defined.</summary>
    public static void Draw(HtmlWriter html, MetricEstimate estimate, double? baseline, string title)
    {
        var x = new Scale(0, 1, 8, 452);
        var value = estimate.Value ?? 0;
        using var frame = new ChartFrame(html, 460, 44, title, $"{Figures.Percent(value)}, interval {Figures.Interval(estimate)}, on a scale from 0 to 100 percent{(baseline is { } share ? $"; guessing the most frequent label reaches {Figures.Percent(share)}" : string.Empty)}.");
        html.Write($"<line class=\"grid\" x1=\"{x.Start}\" x2=\"{x.End}\" y1=\"14\" y2=\"14\"/>");
        foreach (var tick in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            html.Write($"<line class=\"grid\" x1=\"{x.At(tick)}\" x2=\"{x.At(tick)}\" y1=\"10\" y2=\"18\"/><text class=\"t\" x=\"{(tick == 1 ? x.End + 6 : tick == 0 ? 2 : x.At(tick))}\" y=\"38\" text-anchor=\"{(tick == 1 ? "end" : tick == 0 ? "start" : "middle")}\">{Scale.Label(tick * 100)}{(tick == 1 ? "\u00A0%" : string.Empty)}</text>");
        }

        if (estimate is { Lower: { } lower, Upper: { } upper })
        {
            html.Write($"<rect class=\"right soft\" x=\"{x.At(lower)}\" y=\"5\" width=\"{Math.Max(2, x.At(upper) - x.At(lower))}\" height=\"18\" rx=\"2\"/>");
        }

        if (baseline is { } guess)
        {
            html.Write($"<path class=\"ref\" d=\"M{x.At(guess)} 3v22\"/>");
        }

        html.Write($"<circle class=\"right\" cx=\"{x.At(value)}\" cy=\"14\" r=\"5\"/>\n");
    }
}
