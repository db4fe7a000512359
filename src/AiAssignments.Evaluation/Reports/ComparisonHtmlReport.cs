using System.Text;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Sections;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>Two evaluations on the same records, side by side, as one HTML file like <see cref="HtmlReport"/>'s.</summary>
public static class ComparisonHtmlReport
{
    /// <summary>Writes the report, UTF-8 without a byte order mark.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(ComparisonResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The report as a string.</summary>
    /// <param name="result">What to report.</param>
    public static string Create(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlWriter(text);
        var page = new ReportPage(html);
        ReportStyle.Begin(html, $"{ComparisonSections.Name(result.B)} against {ComparisonSections.Name(result.A)}");
        html.Write($"<div class=\"page\">\n");
        ComparisonSections.Lead(page, result);
        HtmlReport.Write(page, [.. Sections(result)]);
        html.Write($"<footer>Written by AI Assignments {result.B.Machine.Product}. This file loads nothing and runs nothing.</footer>\n</div>\n");
        ReportStyle.End(html);
        return text.ToString();
    }

    private static IEnumerable<ReportSection> Sections(ComparisonResult result)
    {
        yield return new("differences", "Differences", page => ComparisonSections.Differences(page, result));
        yield return new("pairs", "Record by record", page => ComparisonSections.Pairs(page, result));
        if (result.A.Classification is not null || result.A.Entities is not null)
        {
            yield return new("classes", "By class", page => ComparisonSections.Classes(page, result));
        }

        yield return new("side-by-side", "Side by side", page => ComparisonSections.SideBySide(page, result));
        yield return new("notes", "Notes", page => NotesSection.Write(page, [.. result.A.Notes.Select(note => "A: " + note), .. result.B.Notes.Select(note => "B: " + note)], result.B));
    }
}
