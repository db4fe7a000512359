using AiAssignments.Evaluation.Reports;
using AiAssignments.LoadTesting.Capacity;
using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>The tables of a load test's report.</summary>
internal static class LoadTables
{
    public static void Latency(ReportPage page, LoadReport report)
    {
        page.BeginTable("Latency and service time");
        page.Html.Write($"<thead><tr><td></td><th scope=\"col\" class=\"n\">average</th><th scope=\"col\" class=\"n\">median</th><th scope=\"col\" class=\"n\">min</th><th scope=\"col\" class=\"n\">max</th><th scope=\"col\" class=\"n\">p90</th><th scope=\"col\" class=\"n\">p95</th><th scope=\"col\" class=\"n\">p99</th><th scope=\"col\" class=\"n\">p99.9</th><th scope=\"col\" class=\"n\">samples</th></tr></thead><tbody>\n");
        Row(page, "Latency", report.Latency);
        Row(page, "Service time", report.Service);
        page.Html.Write($"</tbody>");
        page.EndTable();
        page.Html.Write($"<p class=\"intro\">Latency counts from when a request should have been sent, service time from when it was. Requests that were never answered are in it with the time they were waited for.</p>\n");
    }

    public static void Requests(ReportPage page, LoadReport report)
    {
        var (requests, errors) = (report.Requests, report.Errors);
        page.Html.Write($"<dl class=\"rows\">\n");
        page.Row("Requests", $"{Figures.Count(requests.Total)}: {Figures.Count(requests.Succeeded)} succeeded, {Figures.Count(requests.Failed)} failed");
        page.Row("Sent", Figures.Bytes(requests.BytesSent));
        page.Row("Received", Figures.Bytes(requests.BytesReceived));
        page.Row("Statuses", string.Join(", ", report.Statuses.Select(status => $"{status.Key}: {Figures.Count(status.Value)}")));
        page.Row("Status that is no success", Figures.Count(errors.Status));
        page.Row("No connection", Figures.Count(errors.Connect));
        page.Row("Not in time", Figures.Count(errors.Timeout));
        page.Row("Connection ended", Figures.Count(errors.Reset));
        page.Row("Malformed or too large", Figures.Count(errors.Body));
        foreach (var assertion in report.Assertions)
        {
            page.Row($"Fails if {assertion.Text}", $"{(assertion.Failed ? "failed" : "passed")}: {assertion.Actual}");
        }

        page.Html.Write($"</dl>\n");
        if (report.Messages.Count > 0)
        {
            page.Html.Write($"<h3>What failed requests said</h3>\n<ul class=\"notes\">\n");
            foreach (var (message, count) in report.Messages.OrderByDescending(each => each.Value))
            {
                page.Html.Write($"<li>{message} <span class=\"quiet\">({Figures.Count(count)})</span></li>\n");
            }

            page.Html.Write($"</ul>\n");
        }
    }

    public static void Capacity(ReportPage page, CapacityResult capacity)
    {
        page.Html.Write($"<p class=\"intro\">{capacity.Reading}</p>\n");
        page.BeginTable("Probes");
        page.Html.Write($"<thead><tr><th scope=\"col\">stage</th><th scope=\"col\" class=\"n\">offered /s</th><th scope=\"col\" class=\"n\">answered /s</th><th scope=\"col\" class=\"n\">p99</th><th scope=\"col\" class=\"n\">succeeded</th><th scope=\"col\">objective</th><th scope=\"col\">observed</th></tr></thead><tbody>\n");
        foreach (var probe in capacity.Probes)
        {
            page.Html.Write($"<tr><th scope=\"row\">{probe.Stage}</th><td class=\"n\">{Figures.Rate(probe.Rate)}</td><td class=\"n\">{Figures.Rate(probe.PerSecond)}</td><td class=\"n\">{(probe.P99 is { } p99 ? Figures.Milliseconds(p99) : "none")}</td><td class=\"n\">{Figures.Percent(probe.SuccessRate)}</td><td class=\"{(probe.Met ? "tr" : "tw")}\">{(probe.Met ? "met" : "not met")}</td><td>{probe.Observed}{(probe.Bottleneck ? ", the generator was the bottleneck" : string.Empty)}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }

    public static void Generator(ReportPage page, LoadReport report)
    {
        var generator = report.Generator;
        page.Html.Write($"<dl class=\"rows\">\n");
        page.Row("Bottleneck", generator.Bottleneck ? "yes: the figures say more about the generator than about the server" : "no");
        page.Row("Lateness of sending", $"median {Figures.Milliseconds(generator.LagP50)}, p99 {Figures.Milliseconds(generator.LagP99)}, max {Figures.Milliseconds(generator.LagMax)}; p99 may be {Figures.Milliseconds(generator.LagBound)}");
        page.Row("Answers waiting for a thread", $"p99 {Figures.Milliseconds(generator.ThreadDelayP99)}");
        page.Row("Processors", $"{Figures.Percent(generator.Processor)} of {generator.Processors} used by the generator{(generator.SharesMachine ? "; the target is on the same machine" : string.Empty)}");
        page.Row("Connections", Figures.Count(generator.Connections));
        if (report.Load.Model == "open")
        {
            page.Row("Waited for a connection", Figures.Count(generator.Waited, "request"));
        }

        page.Html.Write($"</dl>\n");
    }

    public static void Method(ReportPage page, LoadReport report)
    {
        var load = report.Load;
        page.Html.Write($"<dl class=\"rows\">\n");
        page.Row("Target", $"{load.Url} at {load.Address}, {load.Protocol}");
        page.Row("Model", load.Model == "closed" ? $"closed: {Figures.Count(load.Users ?? 0, "user")}, think time {Figures.Milliseconds(load.ThinkMilliseconds ?? 0)}" : $"open: {load.Arrivals}, up to {Figures.Rate(load.HighestRate ?? 0)} requests a second");
        page.Row("Warm-up", $"{Figures.Milliseconds(load.WarmUpSeconds * 1000)} under the same load, in no figure");
        page.Row("Time", $"{Figures.Milliseconds(report.Seconds * 1000)} of {Figures.Milliseconds(load.MostSeconds * 1000)} at most; {LoadWords.Ended(report)}");
        page.Row("Request's time limit", Figures.Milliseconds(load.TimeoutSeconds * 1000));
        page.Row("Intervals", $"method of batch means: {report.Stability.Batches} batches of {report.Stability.BatchSeconds} s, Student's t, 95 %");
        page.Html.Write($"</dl>\n");
    }

    private static void Row(ReportPage page, string name, LatencyFigures? figures)
    {
        if (figures is null)
        {
            page.Html.Write($"<tr><th scope=\"row\">{name}</th><td class=\"n\">nothing was answered</td></tr>\n");
            return;
        }

        page.Html.Write($"<tr><th scope=\"row\">{name}</th>");
        foreach (var value in (ReadOnlySpan<double>)[figures.Average, figures.Median, figures.Min, figures.Max, figures.P90, figures.P95, figures.P99, figures.P999])
        {
            page.Html.Write($"<td class=\"n\">{Figures.Milliseconds(value)}</td>");
        }

        page.Html.Write($"<td class=\"n\">{Figures.Count(figures.Samples)}</td></tr>\n");
    }
}
