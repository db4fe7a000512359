using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Reliability diagram (DeGroot and Fienberg 1983): how often the model is right at each confidence, the gap to the diagonal, and how many records stand behind each bar.</summary>
internal static class ReliabilityChart
{
    /// <summary>Draws it.</summary>
    public static void Draw(HtmlWriter html, IReadOnlyList<CalibrationBin> bins, string title)
    {
        var x = new Scale(0, 1, 44, 430);
        var y = new Scale(0, 1, 318, 12);
        var most = Math.Max(1, bins.Max(bin => bin.Count));
        var counts = new Scale(0, most, 412, 346);
        using var frame = new ChartFrame(html, 440, 448, title, "Bars: share of right predictions by confidence. Shaded: the distance to perfect calibration, the diagonal. Below: records in each bin.");
        foreach (var tick in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            html.Write($"<line class=\"grid\" x1=\"{x.Start}\" x2=\"{x.End}\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"38\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{Scale.Label(tick * 100)}</text><text class=\"t\" x=\"{x.At(tick)}\" y=\"428\" text-anchor=\"{(tick == 1 ? "end" : "middle")}\">{Scale.Label(tick * 100)}{(tick == 1 ? "\u00A0%" : string.Empty)}</text>\n");
        }

        foreach (var bin in bins.Where(bin => bin.Count > 0))
        {
            var (from, to) = (x.At(bin.Lower) + 1, x.At(bin.Upper) - 1);
            var tip = Markup.Of($"<title>{Figures.PercentNumber(bin.Lower)}–{Figures.Percent(bin.Upper)} confident: {Figures.Percent(bin.Accuracy)} of {Figures.Count(bin.Count, "record")} right, mean confidence {Figures.Percent(bin.MeanConfidence)}</title>");
            if (bin is { Accuracy: { } accuracy, MeanConfidence: { } confidence })
            {
                html.Write($"<rect class=\"right\" fill-opacity=\"0.6\" x=\"{from}\" y=\"{y.At(accuracy)}\" width=\"{to - from}\" height=\"{y.Start - y.At(accuracy)}\">{tip}</rect>");
                html.Write($"<rect class=\"gap\" x=\"{from}\" y=\"{y.At(Math.Max(accuracy, confidence))}\" width=\"{to - from}\" height=\"{Math.Abs(y.At(accuracy) - y.At(confidence))}\"/>");
            }

            html.Write($"<rect class=\"muted\" x=\"{from}\" y=\"{counts.At(bin.Count)}\" width=\"{to - from}\" height=\"{Math.Max(0.8, counts.Start - counts.At(bin.Count))}\">{tip}</rect>\n");
        }

        html.Write($"<line class=\"ref\" x1=\"{x.Start}\" y1=\"{y.Start}\" x2=\"{x.End}\" y2=\"{y.End}\"/><line class=\"grid\" x1=\"{x.Start}\" x2=\"{x.End}\" y1=\"412\" y2=\"412\"/>");
        html.Write($"<text class=\"t\" x=\"38\" y=\"354\" text-anchor=\"end\">{Scale.Label(most)}</text><text class=\"t\" x=\"38\" y=\"412\" text-anchor=\"end\">0</text>");
        html.Write($"<text class=\"t halo\" x=\"50\" y=\"24\">share right, %</text><text class=\"t halo\" x=\"50\" y=\"344\">records</text><text class=\"t\" x=\"{(x.Start + x.End) / 2}\" y=\"444\" text-anchor=\"middle\">confidence (top probability)</text>\n");
    }
}
