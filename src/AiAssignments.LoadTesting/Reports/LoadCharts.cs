using AiAssignments.Evaluation.Reports;
using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>The charts over time.</summary>
internal static class LoadCharts
{
    /// <param name="page">Where to.</param>
    /// <param name="seconds">All seconds, those after the last request was sent among them.</param>
    /// <param name="measured">Seconds in which requests were sent; a second that was not whole would look like a fall.</param>
    public static void Write(ReportPage page, IReadOnlyList<SecondPoint> seconds, double measured)
    {
        var whole = seconds.Where(point => point.Second + 1 <= measured).ToList();
        var series = whole.Count > 1 ? whole : seconds;
        SeriesLine Line(string name, string style, Func<SecondPoint, double?> value) => new(name, style, [.. series.Select(value)]);

        page.Html.Write($"<div class=\"pair\">\n");
        var answered = Line("answered well", "lr", point => point.Requests - point.Failed);
        Figure(page, "Requests a second", "What came back, beside what was due.", "requests a second", series.Any(point => point.Offered > 0) ? [Line("due", "ref", point => point.Offered), answered] : [answered]);
        Figure(page, "Latency", "From when a request should have been sent.", "milliseconds", [Line("p99", "lw", point => point.P99), Line("p90", "l", point => point.P90), Line("p50", "lr", point => point.P50)]);
        Figure(page, "Errors a second", "Failed requests of every kind.", "requests a second", [Line("failed", "lw", point => point.Failed)]);
        Figure(page, "Under way", "Sent and not answered; and due but not sent, because no connection was free.", "requests", [Line("in flight", "lr", point => point.InFlight), Line("waiting", "lw", point => point.Waiting)]);
        Figure(page, "Service time", "From when a request was sent: without the wait before it.", "milliseconds", [Line("p99", "lw", point => point.ServiceP99), Line("p50", "lr", point => point.ServiceP50)]);
        Figure(page, "The generator's lateness", "99th percentile of how late requests left that could have left.", "milliseconds", [Line("lag p99", "l", point => point.LagP99)]);
        page.Html.Write($"</div>\n");
    }

    private static void Figure(ReportPage page, string title, string caption, string unit, IReadOnlyList<SeriesLine> lines)
    {
        page.Html.Write($"<figure><figcaption><strong>{title}</strong>{caption}</figcaption>\n");
        var values = lines[^1].Values.OfType<double>().ToList();
        var words = values.Count == 0 ? "No values." : FormattableString.Invariant($"{lines[^1].Name}: between {values.Min():0.##} and {values.Max():0.##} {unit}, over {lines[^1].Values.Count} seconds.");
        SeriesChart.Draw(page.Html, title, unit, lines, words);
        page.Html.Write($"</figure>\n");
    }
}
