using System.Text;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Sections;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>What an optimization gained and lost, as one HTML file like <see cref="HtmlReport"/>'s.</summary>
public static class OptimizationHtmlReport
{
    /// <summary>Writes the report, UTF-8 without a byte order mark.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(OptimizationResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The report as a string.</summary>
    /// <param name="result">What to report.</param>
    public static string Create(OptimizationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlWriter(text);
        var page = new ReportPage(html);
        var comparison = result.Comparison;
        ReportStyle.Begin(html, $"{ComparisonSections.Name(comparison.B)}: {result.Pass}");
        html.Write($"<div class=\"page\">\n");
        OptimizationSections.Lead(page, result);
        HtmlReport.Write(page, [.. Sections(result)]);
        html.Write($"<footer>Written by AI Assignments {comparison.B.Machine.Product}. This file loads nothing and runs nothing.</footer>\n</div>\n");
        ReportStyle.End(html);
        return text.ToString();
    }

    private static IEnumerable<ReportSection> Sections(OptimizationResult result)
    {
        var comparison = result.Comparison;
        yield return new("cost", "Size, speed and memory", page => OptimizationSections.Cost(page, result));
        yield return new("differences", "What was lost", page => ComparisonSections.Differences(page, comparison));
        yield return new("pairs", "Record by record", page => ComparisonSections.Pairs(page, comparison));
        if (comparison.A.Classification is not null || comparison.A.Entities is not null)
        {
            yield return new("classes", "By class", page => ComparisonSections.Classes(page, comparison));
        }

        yield return new("pass", "What the pass did", page => OptimizationSections.Pass(page, result));
        if (result.Attempts.Count > 1)
        {
            yield return new("attempts", "Versions tried", page => OptimizationSections.Attempts(page, result));
        }

        if (result.Learning is { Count: > 0 } learning)
        {
            yield return new("learning", "How it learned", page => OptimizationSections.Learning(page, result, learning));
        }

        yield return new("side-by-side", "Side by side", page => ComparisonSections.SideBySide(page, comparison));
        yield return new("notes", "Notes", page => NotesSection.Write(page, [.. comparison.Notes], comparison.B));
    }
}
