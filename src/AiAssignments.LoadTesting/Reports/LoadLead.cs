using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>The top of a load test's report: the 99th percentile, and what it was measured under.</summary>
internal static class LoadLead
{
    public static void Write(ReportPage page, LoadReport report)
    {
        var html = page.Html;
        html.Write($"<header>\n<p class=\"kicker\">Load test, {Figures.Time(report.StartedAt)}</p>\n<h1><span class=\"on\">Load on</span> <bdi>{HtmlText.Clip(report.Load.Url, 200)}</bdi></h1>\n<div class=\"lead\"><div><p class=\"metric\">99th percentile of latency</p>");
        if (report.Latency is { } latency)
        {
            var words = Figures.Milliseconds(latency.P99).Split('\u00A0');
            html.Write($"<p class=\"value\">{words[0]}<span class=\"unit\">\u00A0{string.Join('\u00A0', words[1..])}</span></p>");
            if (report.Stability.P99HalfWidth is { } half)
            {
                html.Write($"<p class=\"interval\">95\u00A0% interval ±{Figures.Percent(half)}</p>");
            }
        }
        else
        {
            html.Write($"<p class=\"value word\">nothing answered</p>");
        }

        html.Write($"</div><div><p class=\"reading\">{LoadWords.Reading(report)}</p>");
        foreach (var failed in report.Assertions.Where(assertion => assertion.Failed))
        {
            html.Write($"<p class=\"reading tw\">Failed: {failed.Text} ({failed.Actual})</p>");
        }

        foreach (var warning in report.Generator.Warnings)
        {
            html.Write($"<p class=\"aside\">{warning}</p>");
        }

        html.Write($"</div></div>\n<dl class=\"facts\">\n");
        page.Fact("Throughput", Markup.Of($"{Figures.Rate(report.Requests.PerSecond)}\u00A0/s"), report.Requests.OfferedPerSecond is { } offered ? $"of {Figures.Rate(offered)} offered" : "successful answers");
        page.Fact("Success rate", report.Requests.SuccessRate is { } rate ? Markup.Of($"{Figures.Percent(rate)}") : Markup.Of($"none"), Figures.Count(report.Requests.Total, "request"));
        page.Fact("Median latency", Time(report.Latency?.Median), report.Service is { } service ? $"service time {Figures.Milliseconds(service.Median)}" : null);
        page.Fact("Received", Markup.Of($"{Figures.Bytes((long)report.Requests.ReceivedPerSecond)}/s"), Figures.Bytes(report.Requests.BytesReceived));
        html.Write($"</dl>\n</header>\n");
    }

    private static Markup Time(double? milliseconds) => milliseconds is { } value ? Markup.Of($"{Figures.Milliseconds(value)}") : Markup.Of($"none");
}
