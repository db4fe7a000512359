using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>A confusion matrix as a heat map: rows are true, columns predicted; strength is the share of the row, numbers are counts.</summary>
internal static class ConfusionChart
{
    /// <summary>Most classes it can show; with more, list the most confused pairs instead.</summary>
    public const int MostClasses = 30;

    /// <summary>Draws it.</summary>
    public static void Draw(HtmlWriter html, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<long>> confusion, string title)
    {
        var n = labels.Count;
        var cell = n switch { <= 3 => 84.0, <= 5 => 64, <= 10 => 48, <= 16 => 40, _ => 30 };
        var size = n <= 16 ? 12.0 : 11;
        var left = ChartText.Column(labels, size, 46, n <= 10 ? 150 : 110) + 26;
        var longest = ChartText.Column(labels, size, 20, n <= 10 ? 150 : 110);
        var slanted = longest > cell - 4;
        var top = (slanted ? (longest * 0.72) + 14 : 22) + 22;
        var right = slanted ? longest * 0.55 : 10;
        var side = n * cell;
        var rows = confusion.Select(row => row.Sum()).ToArray();
        var description = $"{n} by {n} counts. Rows are true labels, columns predicted labels; the diagonal is right. The table of most confused pairs says the same in words.";
        using var frame = new ChartFrame(html, left + side + right, top + side + 8, title, description, scrolls: left + side + right > 420);
        html.Write($"<text class=\"t\" x=\"{left}\" y=\"12\">predicted →</text><text class=\"t\" transform=\"translate(11 {top}) rotate(-90)\" text-anchor=\"end\">← true</text>\n");
        html.Write($"<rect class=\"panel\" x=\"{left}\" y=\"{top}\" width=\"{side}\" height=\"{side}\"/>\n");
        for (var i = 0; i < n; i++)
        {
            var middle = (i + 0.5) * cell;
            html.Write($"<text x=\"{left - 8}\" y=\"{top + middle + 4}\" text-anchor=\"end\" font-size=\"{size}\">{ChartText.Fit(labels[i], left - 30, size)}</text>");
            var label = ChartText.Fit(labels[i], longest, size);
            if (slanted)
            {
                html.Write($"<text transform=\"translate({left + middle + 3} {top - 8}) rotate(-45)\" font-size=\"{size}\">{label}</text>\n");
            }
            else
            {
                html.Write($"<text x=\"{left + middle}\" y=\"{top - 9}\" text-anchor=\"middle\" font-size=\"{size}\">{label}</text>\n");
            }

            for (var j = 0; j < n; j++)
            {
                if (confusion[i][j] > 0)
                {
                    Cell(html, labels[i], labels[j], confusion[i][j], rows[i], i == j, left + (j * cell), top + (i * cell), cell);
                }
            }
        }
    }

    private static void Cell(HtmlWriter html, string truth, string predicted, long count, long row, bool diagonal, double x, double y, double cell)
    {
        var share = (double)count / row;
        var step = diagonal ? Palette.HeatStep(share) : Palette.ErrorStep(share);
        var text = ChartText.Short(count);
        html.Write($"<rect class=\"{(diagonal ? "hr" : "hw")} h{step}\" x=\"{x + 0.75}\" y=\"{y + 0.75}\" width=\"{cell - 1.5}\" height=\"{cell - 1.5}\"><title>true {HtmlText.Clip(truth, 60)}, predicted {HtmlText.Clip(predicted, 60)}: {Figures.Count(count)} ({Figures.Percent(share)} of its row)</title></rect>");
        var size = cell >= 60 ? 15.0 : cell >= 40 ? 12 : ChartText.Width(text, 10) > cell - 3 ? 8 : 10;
        var inverted = step >= Palette.FirstInverted ? " inv" : string.Empty;
        var middle = x + (cell / 2);
        html.Write($"<text class=\"c{inverted}\" x=\"{middle}\" y=\"{y + (cell / 2) + (cell >= 60 ? -1 : size * 0.36)}\" text-anchor=\"middle\" font-size=\"{size}\">{text}</text>");
        if (cell >= 60)
        {
            html.Write($"<text class=\"c{inverted}\" x=\"{middle}\" y=\"{y + (cell / 2) + 15}\" text-anchor=\"middle\" font-size=\"11\">{Figures.Percent(share)}</text>");
        }

        html.Write($"\n");
    }
}
