using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>The top of an evaluation's report: what was measured, on what, and the one number.</summary>
internal static class Lead
{
    public static void Write(ReportPage page, EvaluationResult result)
    {
        var html = page.Html;
        var headline = Headline.Of(result);
        html.Write($"""
            <header>
            <p class="kicker">{Headline.Capitalized(result.Model.Task.Replace('-', ' '))} model, evaluated {Figures.Time(result.FinishedAt)}</p>
            <h1><bdi>{HtmlText.Clip(result.Model.Name, 120)}</bdi> <span class="on">version</span> <bdi>{HtmlText.Clip(result.Model.Version, 60)}</bdi> <span class="on">on</span> <bdi>{HtmlText.Clip(result.Dataset.Name, 200)}</bdi></h1>

            """);
        Big(page, headline, result.Options.Confidence);
        html.Write($"<dl class=\"facts\">\n");
        if (result.Classification is { } classification)
        {
            Macro(page, classification.Averages);
            page.Fact("Calibration error", page.Share(classification.ExpectedCalibrationError), "mean gap of confidence and accuracy");
        }
        else if (result.Entities is { } entities)
        {
            Macro(page, entities.Averages);
            page.Fact("Token accuracy", page.Share(entities.TokenAccuracy.Value), Figures.Count(entities.Tokens, "token"));
        }

        page.Fact("Records scored", Markup.Of($"{Figures.Count(result.Counts.Scored)}"), Rest(result.Counts));
        page.Fact("Speed", Markup.Of($"{Figures.Rate(result.Performance.RecordsPerSecond)}\u00A0/s"), "records a second while scoring");
        page.Fact("Median latency", Markup.Of($"{(result.Performance.Batches.Samples == 0 ? "none" : Figures.Milliseconds(result.Performance.Batches.P50))}"), $"a {result.Performance.Batches.Unit}, p99 {Figures.Milliseconds(result.Performance.Batches.P99)}");
        page.Fact("Peak memory", Markup.Of($"{Figures.Bytes(result.Performance.PeakWorkingSetBytes)}"), "of the whole process");
        html.Write($"</dl>\n</header>\n");
    }

    /// <summary>The number in large type, its interval, the reading and the strip.</summary>
    public static void Big(ReportPage page, Headline headline, double level)
    {
        var html = page.Html;
        html.Write($"<div class=\"lead\"><div><p class=\"metric\">{headline.Metric}</p>");
        if (headline.Estimate.Value is { } value)
        {
            html.Write($"<p class=\"value\">{Figures.PercentNumber(value)}<span class=\"unit\">\u00A0%</span></p>");
            if (Figures.Interval(headline.Estimate) is { Length: > 0 } interval)
            {
                html.Write($"<p class=\"interval\">{Figures.Level(level)} interval {interval}</p>");
            }
        }
        else
        {
            html.Write($"<p class=\"value word\">{page.Undefined()}</p>");
        }

        html.Write($"</div><div><p class=\"reading\">{headline.Reading}</p>");
        if (headline.Aside is not null)
        {
            html.Write($"<p class=\"aside\">{headline.Aside}</p>");
        }

        if (headline.Estimate.Value is not null)
        {
            IntervalStrip.Draw(html, headline.Estimate, headline.Baseline, headline.Metric + " with its interval");
        }

        html.Write($"</div></div>\n");
    }

    private static void Macro(ReportPage page, IReadOnlyList<AveragedMetrics> averages)
    {
        if (averages.FirstOrDefault(row => row.Average == "macro") is { } macro)
        {
            page.Fact("Macro F1", page.Share(macro.F1.Value), Figures.Interval(macro.F1) is { Length: > 0 } interval ? interval : "every class counts the same");
        }
    }

    private static string Rest(RecordCounts counts)
    {
        var parts = new List<string> { $"of {Figures.Count(counts.Total)}" };
        if (counts.Bad > 0)
        {
            parts.Add($"{Figures.Count(counts.Bad)} bad");
        }

        if (counts.Unlabelled > 0)
        {
            parts.Add($"{Figures.Count(counts.Unlabelled)} without a label");
        }

        return string.Join(", ", parts);
    }
}
