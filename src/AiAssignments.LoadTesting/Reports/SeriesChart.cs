using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>Lines over the seconds of a load test.</summary>
internal static class SeriesChart
{
    private const int MostPoints = 300;
    private const double Left = 56;
    private const double Right = 520;
    private const double Top = 34;
    private const double Bottom = 232;

    /// <summary>Draws it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="title">Its name.</param>
    /// <param name="unit">Unit of the values, as the axis names it.</param>
    /// <param name="lines">One or more, of one length.</param>
    /// <param name="description">What it shows, in words.</param>
    public static void Draw(HtmlWriter html, string title, string unit, IReadOnlyList<SeriesLine> lines, string description)
    {
        var seconds = Math.Max(1, lines.Max(line => line.Values.Count));
        var most = lines.SelectMany(line => line.Values).Max() is { } highest and > 0 ? highest : 1;
        var x = new Scale(0, seconds, Left, Right);
        var y = new Scale(0, most * 1.06, Bottom, Top);
        using var frame = new ChartFrame(html, 536, 276, title, description);
        foreach (var tick in y.Ticks(4))
        {
            html.Write($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"50\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{(tick >= 10_000 ? ChartText.Short((long)tick) : Scale.Label(tick))}</text>");
        }

        foreach (var tick in x.Ticks(6))
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"248\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        html.Write($"<text class=\"t\" x=\"288\" y=\"268\" text-anchor=\"middle\">seconds</text>\n<text class=\"t\" x=\"{Left}\" y=\"12\">{unit}</text>\n");
        var legend = Right;
        foreach (var line in lines.Reverse())
        {
            Line(html, line, x, y);
            legend -= ChartText.Width(line.Name, 11);
            html.Write($"<text class=\"s\" x=\"{legend}\" y=\"12\">{line.Name}</text><line class=\"{line.Style}\" x1=\"{legend - 20}\" x2=\"{legend - 5}\" y1=\"8\" y2=\"8\"/>\n");
            legend -= 34;
        }
    }

    // A value stands for its whole second, so the point is in its middle; a lone one between gaps is a dot, or it could not be seen.
    private static void Line(HtmlWriter html, SeriesLine line, Scale x, Scale y)
    {
        var stretch = new List<(double X, double Y)>();
        foreach (var (second, value) in Thin(line.Values).Append((0, null)))
        {
            if (value is { } height)
            {
                stretch.Add((x.At(second), y.At(height)));
                continue;
            }

            if (stretch.Count == 1)
            {
                html.Write($"<circle class=\"{(line.Style == "lw" ? "wrong" : line.Style == "lr" ? "right" : "muted")}\" cx=\"{stretch[0].X}\" cy=\"{stretch[0].Y}\" r=\"2\"/>\n");
            }
            else if (stretch.Count > 1)
            {
                html.Write($"<path class=\"{line.Style}\" d=\"");
                for (var i = 0; i < stretch.Count; i++)
                {
                    html.Write($"{(i == 0 ? "M" : "L")}{stretch[i].X} {stretch[i].Y}");
                }

                html.Write($"\"/>\n");
            }

            stretch.Clear();
        }
    }

    // Where there are more seconds than the eye can tell apart, the greatest of neighbours stands for them: a peak must not vanish.
    private static IEnumerable<(double Second, double? Value)> Thin(IReadOnlyList<double?> values)
    {
        var size = Math.Max(1, (values.Count + MostPoints - 1) / MostPoints);
        for (var i = 0; i < values.Count; i += size)
        {
            var some = values.Skip(i).Take(size).ToList();
            yield return (i + (some.Count / 2.0), some.Max());
        }
    }
}
