using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>Precision, recall and F1 of each class or entity type: drawn, then tabulated.</summary>
internal static class ClassesSection
{
    /// <summary>Most rows drawn; of more, those with the least F1 are.</summary>
    public const int MostDrawn = 40;

    private const int MostOpen = 24;

    public static void Write(ReportPage page, IReadOnlyList<ClassMetrics> classes, IReadOnlyList<AveragedMetrics> averages, string noun)
    {
        if (classes.Count == 0)
        {
            page.Html.Write($"<p>There is none.</p>\n");
            return;
        }

        var drawn = classes;
        var caption = $"Each {noun} against the rest; lines are the intervals.";
        if (classes.Count > MostDrawn)
        {
            drawn = [.. classes.OrderBy(row => row.F1.Value ?? 0).ThenBy(row => row.Label, StringComparer.Ordinal).Take(MostDrawn)];
            caption = $"The {MostDrawn} with the least F1 of {classes.Count}, worst first; lines are the intervals. All are in the table.";
        }

        page.Html.Write($"<figure><figcaption>{caption}</figcaption>\n");
        ClassBarsChart.Draw(page.Html, drawn, "Precision, recall and F1 by " + noun);
        page.Html.Write($"</figure>\n");
        if (classes.Count > MostOpen)
        {
            page.Html.Write($"<details><summary>All {classes.Count} in a table</summary>\n");
            Table(page, classes, averages, noun);
            page.Html.Write($"</details>\n");
        }
        else
        {
            Table(page, classes, averages, noun);
        }
    }

    private static void Table(ReportPage page, IReadOnlyList<ClassMetrics> classes, IReadOnlyList<AveragedMetrics> averages, string noun)
    {
        var html = page.Html;
        var auc = classes.Any(row => row.RocAuc is not null);
        page.BeginTable("Table by " + noun);
        html.Write($"<thead><tr><th scope=\"col\">{Headline.Capitalized(noun)}</th><th scope=\"col\" class=\"n\">In the data</th><th scope=\"col\" class=\"n\">Predicted</th><th scope=\"col\" class=\"n\">Precision</th><th scope=\"col\" class=\"n\">Recall</th><th scope=\"col\" class=\"n\">F1</th>{(auc ? Markup.Of($"<th scope=\"col\" class=\"n\">ROC AUC</th>") : Markup.Empty)}</tr></thead>\n<tbody>\n");
        foreach (var row in classes)
        {
            html.Write($"<tr><th scope=\"row\"><bdi>{HtmlText.Clip(row.Label, 120)}</bdi></th><td class=\"n\">{Figures.Count(row.Support)}</td><td class=\"n\">{Figures.Count(row.Predicted)}</td><td class=\"n\">{page.Share(row.Precision)}</td><td class=\"n\">{page.Share(row.Recall)}</td><td class=\"n\">{page.Share(row.F1)}</td>{(auc ? Markup.Of($"<td class=\"n\">{page.Number(row.RocAuc)}</td>") : Markup.Empty)}</tr>\n");
        }

        html.Write($"</tbody>\n");
        if (averages.Count > 0)
        {
            html.Write($"<tfoot>\n");
            foreach (var row in averages)
            {
                html.Write($"<tr><th scope=\"row\">{Headline.Capitalized(row.Average)} average</th><td></td><td></td><td class=\"n\">{page.Share(row.Precision)}</td><td class=\"n\">{page.Share(row.Recall)}</td><td class=\"n\">{page.Share(row.F1)}</td>{(auc ? Markup.Of($"<td></td>") : Markup.Empty)}</tr>\n");
            }

            html.Write($"</tfoot>\n");
        }

        page.EndTable();
    }
}
