using System.Text;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Sections;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>
/// An evaluation as one HTML file that needs nothing else: no network, no script, the charts inline SVG. Text of models and datasets is encoded everywhere.
/// The file is also well-formed XML.
/// </summary>
public static class HtmlReport
{
    /// <summary>The policy that the file carries in a <c>meta</c> element; a server that hands the file out can send it as a header too.</summary>
    public static string ContentSecurityPolicy => ReportStyle.ContentSecurityPolicy;

    /// <summary>Writes the report, UTF-8 without a byte order mark.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(EvaluationResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The report as a string.</summary>
    /// <param name="result">What to report.</param>
    public static string Create(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlWriter(text);
        var page = new ReportPage(html);
        ReportStyle.Begin(html, $"{Headline.Of(result).Metric} of {HtmlText.Clip(result.Model.Name, 80)} on {HtmlText.Clip(result.Dataset.Name, 80)}");
        html.Write($"<div class=\"page\">\n");
        Lead.Write(page, result);
        Write(page, [.. Sections(result)]);
        html.Write($"<footer>Written by AI Assignments {result.Machine.Product}. This file loads nothing and runs nothing.</footer>\n</div>\n");
        ReportStyle.End(html);
        return text.ToString();
    }

    /// <summary>Writes the list of contents, then the sections.</summary>
    internal static void Write(ReportPage page, IReadOnlyList<ReportSection> sections)
    {
        page.Html.Write($"<nav aria-label=\"Contents\"><ul>\n");
        foreach (var section in sections)
        {
            page.Html.Write($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>\n");
        }

        page.Html.Write($"</ul></nav>\n<main>\n");
        foreach (var section in sections)
        {
            page.Html.Write($"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\">\n<h2 id=\"{section.Id}-title\">{section.Title}</h2>\n");
            section.Write(page);
            page.Html.Write($"</section>\n");
        }

        page.Html.Write($"</main>\n");
    }

    private static IEnumerable<ReportSection> Sections(EvaluationResult result)
    {
        yield return new("figures", "All figures", page => FiguresSection.Write(page, result));
        if (result.Classification is { } classification)
        {
            yield return new("classes", "By class", page => ClassesSection.Write(page, classification.Classes, classification.Averages, "class"));
            yield return new("confusion", "Confusion", page => ConfusionSection.Write(page, classification.Labels, classification.Confusion, "record"));
            if (ConfidenceSection.Applies(classification))
            {
                yield return new("confidence", "Confidence", page => ConfidenceSection.Write(page, classification));
            }
        }

        if (result.Entities is { } entities)
        {
            yield return new("entities", "By entity type", page => ClassesSection.Write(page, entities.Types, entities.Averages, "type"));
            yield return new("token-confusion", "Token confusion", page => ConfusionSection.Write(page, entities.Tags, entities.TagConfusion, "token"));
        }

        if (result.Slices.Count > 0)
        {
            yield return new("slices", "Slices", page => SlicesSection.Write(page, result));
        }

        if (result.Mistakes.Count > 0)
        {
            yield return new("mistakes", "Mistakes", page => MistakesSection.Write(page, result.Mistakes));
        }

        if (result.BadRecords.Count > 0)
        {
            yield return new("bad-records", "Bad records", page => BadRecordsSection.Write(page, result.BadRecords, result.Counts.Bad));
        }

        yield return new("performance", "Speed and memory", page => PerformanceSection.Write(page, result));
        if (result.Memory is { Count: > 0 } memory)
        {
            yield return new("memory", "Memory by activity", page => MemorySection.Write(page, memory));
        }

        yield return new("reproduce", "Reproduce", page => ReproduceSection.Write(page, result));
        yield return new("notes", "Notes", page => NotesSection.Write(page, result.Notes, result));
    }
}
