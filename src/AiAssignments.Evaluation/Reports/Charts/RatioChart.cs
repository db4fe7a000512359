using System.Globalization;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>What the new version takes of what the old one takes: bars whose end is the ratio, against a line at 1.</summary>
internal static class RatioChart
{
    private const double Width = 536;
    private const double RowHeight = 26;
    private const double Top = 10;

    /// <summary>Draws it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="rows">Label, and the ratio; one row or more, each 0 or above.</param>
    /// <param name="title">Title.</param>
    public static void Draw(HtmlWriter html, IReadOnlyList<(string Label, double Ratio)> rows, string title)
    {
        var label = ChartText.Column(rows.Select(row => row.Label), 12, 60, 190);
        var bottom = Top + (rows.Count * RowHeight);
        var most = Math.Max(1.2, rows.Max(row => row.Ratio) * 1.05);
        var x = new Scale(0, most, label + 14, Width - 64);
        using var frame = new ChartFrame(html, Width, bottom + 24, title, "One bar a row, from 0 to B divided by A; a dashed line stands at 1, where nothing changes.");
        foreach (var tick in x.Ticks(5))
        {
            html.Write($"<line class=\"grid\" x1=\"{x.At(tick)}\" x2=\"{x.At(tick)}\" y1=\"{Top - 6}\" y2=\"{bottom}\"/><text class=\"t\" x=\"{x.At(tick)}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        html.Write($"\n");
        foreach (var (index, (name, ratio)) in rows.Index())
        {
            var y = Top + (index * RowHeight);
            html.Write($"<text x=\"{label}\" y=\"{y + 14}\" text-anchor=\"end\">{ChartText.Fit(name, label, 12)}</text><rect class=\"right\" fill-opacity=\"0.55\" x=\"{x.Start}\" y=\"{y + 2}\" width=\"{x.At(ratio) - x.Start}\" height=\"16\"/><text class=\"s\" x=\"{x.At(ratio) + 6}\" y=\"{y + 14}\">{ratio.ToString("F2", CultureInfo.InvariantCulture)}</text>\n");
        }

        html.Write($"<line class=\"ref\" x1=\"{x.At(1)}\" x2=\"{x.At(1)}\" y1=\"{Top - 6}\" y2=\"{bottom}\"/>\n");
    }
}
