using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>What is taken for what.</summary>
internal static class ConfusionSection
{
    public static void Write(ReportPage page, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<long>> confusion, string unit)
    {
        var html = page.Html;
        var drawn = labels.Count is > 0 and <= ConfusionChart.MostClasses;
        if (drawn)
        {
            html.Write($"<figure><figcaption>Rows are true, columns predicted. Numbers count {unit}s; the stronger the colour, the larger the share of the row: blue is right, orange wrong.</figcaption>\n<div class=\"split\"><div>");
            ConfusionChart.Draw(html, labels, confusion, "Confusion matrix");
            html.Write($"</div><div>\n");
        }
        else
        {
            html.Write($"<p class=\"intro\">{labels.Count} labels are too many for a readable matrix; these are the pairs confused most. The whole matrix is in the JSON report.</p>\n");
        }

        Pairs(page, MostConfused(labels, confusion, drawn ? 10 : 30), unit);
        if (drawn)
        {
            html.Write($"</div></div></figure>\n");
        }
    }

    /// <summary>Off-diagonal cells by count, largest first; ties in the order of the matrix.</summary>
    public static IReadOnlyList<(string Truth, string Predicted, long Count, double Share)> MostConfused(IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<long>> confusion, int most)
    {
        var pairs = new List<(int Truth, int Predicted, long Count)>();
        for (var i = 0; i < labels.Count; i++)
        {
            for (var j = 0; j < labels.Count; j++)
            {
                if (i != j && confusion[i][j] > 0)
                {
                    pairs.Add((i, j, confusion[i][j]));
                }
            }
        }

        return [.. pairs.OrderByDescending(pair => pair.Count).Take(most)
            .Select(pair => (labels[pair.Truth], labels[pair.Predicted], pair.Count, (double)pair.Count / confusion[pair.Truth].Sum()))];
    }

    private static void Pairs(ReportPage page, IReadOnlyList<(string Truth, string Predicted, long Count, double Share)> pairs, string unit)
    {
        if (pairs.Count == 0)
        {
            page.Html.Write($"<p class=\"intro\">Nothing was confused.</p>\n");
            return;
        }

        page.Html.Write($"<h3>Confused most</h3>\n");
        page.BeginTable("Most confused pairs");
        page.Html.Write($"<thead><tr><th scope=\"col\">True</th><th scope=\"col\">Predicted</th><th scope=\"col\" class=\"n\">{Headline.Capitalized(unit)}s</th><th scope=\"col\" class=\"n\">Of the true ones</th><th scope=\"col\"><span class=\"sr\">The same as a bar</span></th></tr></thead>\n<tbody>\n");
        foreach (var (truth, predicted, count, share) in pairs)
        {
            page.Html.Write($"<tr><td class=\"tr\"><bdi>{HtmlText.Clip(truth, 80)}</bdi></td><td class=\"tw\"><bdi>{HtmlText.Clip(predicted, 80)}</bdi></td><td class=\"n\">{Figures.Count(count)}</td><td class=\"n\">{Figures.Percent(share)}</td><td>{ReportPage.Meter(share)}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }
}
