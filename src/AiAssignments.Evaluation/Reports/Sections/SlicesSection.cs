using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>Accuracy by column and by length, against the whole.</summary>
internal static class SlicesSection
{
    private const int MostValues = 30;

    public static void Write(ReportPage page, EvaluationResult result)
    {
        var overall = result.Classification?.Accuracy.Value ?? result.Entities?.TokenAccuracy.Value;
        var groups = result.Slices.GroupBy(slice => slice.Slice, StringComparer.Ordinal).ToList();
        var kept = groups.ToDictionary(group => group.Key, Kept, StringComparer.Ordinal);
        DotRow[] all = [.. kept.Values.SelectMany(rows => rows)];
        page.Html.Write($"<p class=\"intro\">Accuracy of each slice with its interval, all on one axis; the dashed line is the whole dataset{(overall is null ? string.Empty : $" ({Figures.Percent(overall)})")}. An interval that crosses the line may be chance.</p>\n");
        foreach (var group in groups)
        {
            var (rows, total) = (kept[group.Key], group.Count());
            page.Html.Write($"<h3>By <bdi>{HtmlText.Clip(group.Key, 80)}</bdi></h3>\n<figure>\n");
            if (rows.Count < total)
            {
                page.Html.Write($"<figcaption>The {rows.Count} largest of {total}; all are in the JSON report.</figcaption>\n");
            }

            DotChart.Draw(page.Html, rows, overall, "Accuracy by " + HtmlText.Clip(group.Key, 80), alike: all);
            page.Html.Write($"</figure>\n");
        }
    }

    // The order given is kept (ranges of length rise); only the choice is by size.
    private static List<DotRow> Kept(IEnumerable<SliceMetrics> slices)
    {
        var all = slices.ToList();
        var largest = all.OrderByDescending(slice => slice.Count).Take(MostValues).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. all.Where(largest.Contains).Select(slice => new DotRow(slice.Value.Length == 0 ? "(empty)" : slice.Value, "n = " + Figures.Count(slice.Count), slice.Accuracy))];
    }
}
