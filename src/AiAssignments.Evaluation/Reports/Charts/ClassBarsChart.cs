using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Precision, recall and F1 of each class as three columns of bars with the intervals as whiskers.</summary>
internal static class ClassBarsChart
{
    private const double Panel = 176;
    private const double Gap = 62;
    private const double RowHeight = 24;

    /// <summary>Draws it.</summary>
    public static void Draw(HtmlWriter html, IReadOnlyList<ClassMetrics> classes, string title)
    {
        var label = ChartText.Column(classes.Select(row => row.Label), 12, 60, 190);
        const double Top = 40;
        var bottom = Top + (classes.Count * RowHeight);
        using var frame = new ChartFrame(html, label + 14 + (3 * (Panel + Gap)), bottom + 24, title, "Bars from 0 to 100 percent, one row a class; the lines are the intervals. The table of classes has the same numbers.", scrolls: true);
        string[] names = ["Precision", "Recall", "F1"];
        for (var panel = 0; panel < 3; panel++)
        {
            var x = label + 14 + (panel * (Panel + Gap));
            var scale = new Scale(0, 1, x, x + Panel);
            html.Write($"<text class=\"b\" x=\"{x}\" y=\"14\">{names[panel]}</text>");
            foreach (var tick in (ReadOnlySpan<double>)[0, 0.5, 1])
            {
                html.Write($"<line class=\"grid\" x1=\"{scale.At(tick)}\" x2=\"{scale.At(tick)}\" y1=\"{Top - 8}\" y2=\"{bottom}\"/><text class=\"t\" x=\"{scale.At(tick)}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{Scale.Label(tick * 100)}{(tick == 1 ? "\u00A0%" : string.Empty)}</text>");
            }

            html.Write($"\n");
        }

        for (var i = 0; i < classes.Count; i++)
        {
            var row = classes[i];
            var y = Top + (i * RowHeight);
            html.Write($"<text x=\"{label}\" y=\"{y + 13}\" text-anchor=\"end\">{ChartText.Fit(row.Label, label, 12)}</text>");
            MetricEstimate[] values = [row.Precision, row.Recall, row.F1];
            for (var panel = 0; panel < 3; panel++)
            {
                Bar(html, values[panel], label + 14 + (panel * (Panel + Gap)), y);
            }

            html.Write($"\n");
        }
    }

    private static void Bar(HtmlWriter html, MetricEstimate estimate, double x, double y)
    {
        var scale = new Scale(0, 1, x, x + Panel);
        if (estimate.Value is not { } value)
        {
            html.Write($"<text class=\"t\" x=\"{x + 4}\" y=\"{y + 13}\">{Figures.Undefined}</text>");
            return;
        }

        html.Write($"<rect class=\"right\" fill-opacity=\"0.55\" x=\"{x}\" y=\"{y + 2}\" width=\"{scale.At(value) - x}\" height=\"14\"/>");
        if (estimate is { Lower: { } lower, Upper: { } upper })
        {
            html.Write($"<line class=\"whisker\" x1=\"{scale.At(lower)}\" x2=\"{scale.At(upper)}\" y1=\"{y + 9}\" y2=\"{y + 9}\"/><path class=\"l\" d=\"M{scale.At(lower)} {y + 5.5}v7M{scale.At(upper)} {y + 5.5}v7\"/>");
        }

        html.Write($"<text class=\"s\" x=\"{x + Panel + 8}\" y=\"{y + 13}\">{Figures.PercentNumber(value)}</text>");
    }
}
