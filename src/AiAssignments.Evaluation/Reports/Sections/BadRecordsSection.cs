using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>Records that could not be scored, with their positions.</summary>
internal static class BadRecordsSection
{
    public static void Write(ReportPage page, IReadOnlyList<RecordError> errors, long total)
    {
        page.Html.Write($"<p class=\"intro\">{(errors.Count < total ? $"The first {errors.Count} of {Figures.Count(total)}" : $"All {Figures.Count(total)}")}, in the order of the dataset. They are counted and left out of every figure.</p>\n");
        page.BeginTable("Bad records", cards: true);
        page.Html.Write($"<thead><tr><th scope=\"col\">Where</th><th scope=\"col\">What is wrong</th><th scope=\"col\">Code</th></tr></thead>\n<tbody>\n");
        foreach (var error in errors)
        {
            page.Html.Write($"<tr><td class=\"where\"><bdi>{HtmlText.Clip(error.Position.ToString(), 300)}</bdi></td><td class=\"excerpt\"><bdi>{HtmlText.Clip(error.Message, 500)}</bdi></td><td><code>{HtmlText.Clip(error.Code, 80)}</code></td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }
}
