using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Estimates as dots with their intervals, against a reference line: slices against the whole, or differences against zero (a forest plot).</summary>
internal static class DotChart
{
    private const double RowHeight = 26;

    /// <summary>Draws it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="rows">The rows, top to bottom.</param>
    /// <param name="reference">Where the dashed line stands; <c>null</c> for none.</param>
    /// <param name="title">Title.</param>
    /// <param name="differences">The values are differences: signed, in percentage points, zero in sight.</param>
    /// <param name="alike">All rows of the charts that this one stands among, so that they share an axis and line up; default its own.</param>
    public static void Draw(HtmlWriter html, IReadOnlyList<DotRow> rows, double? reference, string title, bool differences = false, IReadOnlyList<DotRow>? alike = null)
    {
        alike ??= rows;
        var label = ChartText.Column(alike.Select(row => row.Label), 12, 50, 180);
        var note = ChartText.Column(alike.Select(row => row.Note), 11, 10, 110);
        var left = label + note + 22;
        const double Width = 720;
        const double Top = 10;
        var number = ChartText.Column(alike.Select(row => Number(row, differences)), 12, 32, 80) + 8;
        var right = Math.Max(122, 10 + number + ChartText.Column(alike.Select(row => Interval(row, differences)), 11, 0, 160) + 4);
        var bottom = Top + (rows.Count * RowHeight);
        var (from, to) = Domain(alike, reference, differences);
        var x = new Scale(from, to, left, Width - right);
        using var frame = new ChartFrame(html, Width, bottom + 34, title, "One row each: a dot for the value, a line for its interval, numbers at the right.", scrolls: true);
        var ticks = x.Ticks(5);
        foreach (var tick in ticks)
        {
            html.Write($"<line class=\"grid\" x1=\"{x.At(tick)}\" x2=\"{x.At(tick)}\" y1=\"{Top - 4}\" y2=\"{bottom}\"/><text class=\"t\" x=\"{x.At(tick)}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{Tick(tick, differences)}{(differences || tick != ticks[^1] ? string.Empty : "\u00A0%")}</text>");
        }

        if (differences)
        {
            html.Write($"<text class=\"t\" x=\"{Width - right + 16}\" y=\"{bottom + 16}\">points</text>\n");
        }

        if (reference is { } line)
        {
            html.Write($"<line class=\"ref\" x1=\"{x.At(line)}\" x2=\"{x.At(line)}\" y1=\"{Top - 4}\" y2=\"{bottom}\"/>\n");
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var y = Top + ((i + 0.5) * RowHeight);
            html.Write($"<text x=\"{label}\" y=\"{y + 4}\" text-anchor=\"end\">{ChartText.Fit(rows[i].Label, label, 12)}</text><text class=\"t\" x=\"{label + note + 8}\" y=\"{y + 4}\" text-anchor=\"end\">{ChartText.Fit(rows[i].Note, note, 11)}</text>");
            Row(html, rows[i], x, y, Width - right + 10, number, differences);
        }
    }

    private static void Row(HtmlWriter html, DotRow row, Scale x, double y, double right, double number, bool differences)
    {
        if (row.Estimate.Value is not { } value)
        {
            html.Write($"<text class=\"t\" x=\"{right}\" y=\"{y + 4}\">{Figures.Undefined}</text>\n");
            return;
        }

        if (row.Estimate is { Lower: { } lower, Upper: { } upper })
        {
            html.Write($"<line class=\"whisker\" x1=\"{x.At(lower)}\" x2=\"{x.At(upper)}\" y1=\"{y}\" y2=\"{y}\"/>");
        }

        html.Write($"<circle class=\"right\" cx=\"{x.At(value)}\" cy=\"{y}\" r=\"4.5\"/><text class=\"s b\" x=\"{right}\" y=\"{y + 4}\">{Number(row, differences)}</text><text class=\"t\" x=\"{right + number}\" y=\"{y + 4}\">{Interval(row, differences)}</text>\n");
    }

    private static string Number(DotRow row, bool differences) =>
        row.Estimate.Value is not { } value ? string.Empty : differences ? Figures.Points(value) : Figures.PercentNumber(value);

    private static string Interval(DotRow row, bool differences) => row.Estimate is not { Value: not null, Lower: { } lower, Upper: { } upper } ? string.Empty
        : differences ? $"{Figures.Points(lower)} to {Figures.Points(upper)}"
        : $"{Figures.PercentNumber(lower)}–{Figures.PercentNumber(upper)}";

    private static string Tick(double tick, bool differences)
    {
        var text = Scale.Label(Math.Round(tick * 100, 3));
        return differences && tick > 1e-9 ? "+" + text : text;
    }

    /// <summary>A round axis that holds all rows and the reference.</summary>
    private static (double From, double To) Domain(IReadOnlyList<DotRow> rows, double? reference, bool differences)
    {
        var values = rows.SelectMany(row => new[] { row.Estimate.Value, row.Estimate.Lower, row.Estimate.Upper }).Append(reference).OfType<double>().ToArray();
        if (values.Length == 0)
        {
            return (0, 1);
        }

        var (least, most) = (values.Min(), values.Max());
        var step = Scale.Step(Math.Max(0.02, most - least) / 5);
        var from = Math.Floor((least / step) - 0.2) * step;
        var to = Math.Ceiling((most / step) + 0.2) * step;
        return differences ? (from, to) : (Math.Max(0, from), Math.Min(1, Math.Max(to, from + step)));
    }
}
