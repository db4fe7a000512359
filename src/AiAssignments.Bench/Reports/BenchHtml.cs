using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Bench.Reports;

/// <summary>A table as one HTML file that needs nothing else: no network, no script. The file is also well-formed XML.</summary>
public static class BenchHtml
{
    /// <summary>Makes it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="comparison">With an earlier one; <c>null</c>: there is none.</param>
    public static string Create(BenchTable table, BenchComparison? comparison = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlWriter(text);
        var page = new ReportPage(html);
        ReportStyle.Begin(html, "Performance");
        html.Write($"<div class=\"page\">\n");
        Lead(page, table, comparison);
        HtmlReport.Write(page, [.. Sections(table, comparison)]);
        html.Write($"<footer>Written by AI Assignments {table.Machine.Product}. This file loads nothing and runs nothing.</footer>\n</div>\n");
        ReportStyle.End(html);
        return text.ToString();
    }

    private static void Lead(ReportPage page, BenchTable table, BenchComparison? comparison)
    {
        var html = page.Html;
        var (met, all) = (table.Rows.Count(row => row.Met == true), table.Rows.Count(row => row.Met is not null));
        html.Write($"<header>\n<p class=\"kicker\">Performance, {Figures.Time(table.StartedAt)}</p>\n<h1>{(table.Installation == "private" ? "This installation" : table.Installation)} <span class=\"on\">on {table.Machine.Cores} × {table.Machine.Processor}</span></h1>\n<div class=\"lead\"><div><p class=\"metric\">Targets met</p>");
        html.Write($"<p class=\"value\">{met}<span class=\"unit\">\u00A0of\u00A0{all}</span></p></div><div><p class=\"reading\">{BenchWords.Reading(table)}</p>");
        if (comparison is not null)
        {
            html.Write($"<p class=\"reading {(comparison.Fails ? "tw" : "tr")}\">{BenchWords.Verdict(comparison)}</p>");
        }

        html.Write($"<p class=\"aside\">{BenchWords.Machine(table)}</p></div></div>\n</header>\n");
    }

    private static IEnumerable<ReportSection> Sections(BenchTable table, BenchComparison? comparison)
    {
        if (comparison is not null)
        {
            yield return new("compared", "Compared with the earlier table", page => BenchHtmlParts.Comparison(page, comparison));
        }

        if (BenchMissed.Of(table) is { Count: > 0 } missed)
        {
            yield return new("missed", BenchWords.MissedTitle, page => BenchHtmlParts.Missed(page, missed));
        }

        foreach (var grid in BenchGrid.Of(table))
        {
            yield return new(grid.Section.Name(), grid.Section.Title(), page => BenchHtmlParts.Grid(page, grid));
        }

        if (table.Notes.Count > 0)
        {
            yield return new("notes", "Notes", page => BenchHtmlParts.List(page, table.Notes));
        }

        yield return new("method", "How it was measured", page => BenchHtmlParts.List(page, BenchWords.Method));
    }
}
