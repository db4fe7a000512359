using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>A load test as one HTML file that needs nothing else: no network, no script, the charts inline SVG. The file is also well-formed XML.</summary>
public static class LoadHtmlReport
{
    /// <summary>The report as a string.</summary>
    /// <param name="report">What to report.</param>
    public static string Create(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlWriter(text);
        var page = new ReportPage(html);
        ReportStyle.Begin(html, $"Load on {HtmlText.Clip(report.Load.Url, 120)}");
        html.Write($"<div class=\"page\">\n");
        LoadLead.Write(page, report);
        HtmlReport.Write(page, [.. Sections(report)]);
        html.Write($"<footer>Written by AI Assignments {report.Product}. This file loads nothing and runs nothing.</footer>\n</div>\n");
        ReportStyle.End(html);
        return text.ToString();
    }

    private static IEnumerable<ReportSection> Sections(LoadReport report)
    {
        yield return new("latency", "Latency", page => LoadTables.Latency(page, report));
        if (report.Series.Count > 1)
        {
            yield return new("time", "Over time", page => LoadCharts.Write(page, report.Series, report.Seconds));
        }

        yield return new("requests", "Requests and errors", page => LoadTables.Requests(page, report));
        if (report.Capacity is { } capacity)
        {
            yield return new("capacity", "Capacity", page => LoadTables.Capacity(page, capacity));
        }

        yield return new("generator", "The generator", page => LoadTables.Generator(page, report));
        yield return new("method", "How it was measured", page => LoadTables.Method(page, report));
    }
}
