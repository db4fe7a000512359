using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>Whether the model's confidence means what it says.</summary>
internal static class ConfidenceSection
{
    /// <summary>Whether there is anything to draw.</summary>
    public static bool Applies(ClassificationMetrics metrics) => metrics.Calibration.Any(bin => bin.Count > 0) || metrics.Scores is not null;

    public static void Write(ReportPage page, ClassificationMetrics metrics)
    {
        var html = page.Html;
        html.Write($"<div class=\"pair\">\n");
        if (metrics.Calibration.Any(bin => bin.Count > 0))
        {
            html.Write($"<figure><figcaption><strong>Calibration</strong>{Reading(metrics)}</figcaption>\n");
            ReliabilityChart.Draw(html, metrics.Calibration, "Reliability diagram");
            html.Write($"</figure>\n");
        }

        if (metrics.Scores is { } scores)
        {
            html.Write($"<figure><figcaption><strong>Confidence of right and of wrong answers</strong>The further apart the two, the more an abstention threshold can gain.</figcaption>\n");
            ScoreHistogramChart.Draw(html, scores, "Confidence of right and of wrong predictions");
            html.Write($"</figure>\n");
        }

        html.Write($"</div>\n");
        Table(page, metrics.Calibration);
    }

    private static string Reading(ClassificationMetrics metrics)
    {
        double weighted = 0;
        long count = 0;
        foreach (var bin in metrics.Calibration)
        {
            if (bin is { Accuracy: { } accuracy, MeanConfidence: { } confidence })
            {
                weighted += bin.Count * (confidence - accuracy);
                count += bin.Count;
            }
        }

        var lean = count == 0 ? 0 : weighted / count;
        var direction = Math.Abs(lean) < 0.005 ? "neither over- nor underconfident on the whole" : lean > 0 ? $"overconfident by {Figures.PercentNumber(lean)} points on the whole" : $"underconfident by {Figures.PercentNumber(-lean)} points on the whole";
        return $"Expected calibration error {Figures.Percent(metrics.ExpectedCalibrationError)}; {direction}. On the dashed line, confidence is accuracy.";
    }

    private static void Table(ReportPage page, IReadOnlyList<CalibrationBin> bins)
    {
        if (bins.Count == 0)
        {
            return;
        }

        page.Html.Write($"<details><summary>Calibration in numbers</summary>\n");
        page.BeginTable("Calibration bins");
        page.Html.Write($"<thead><tr><th scope=\"col\">Confidence</th><th scope=\"col\" class=\"n\">Records</th><th scope=\"col\" class=\"n\">Mean confidence</th><th scope=\"col\" class=\"n\">Right</th></tr></thead>\n<tbody>\n");
        foreach (var bin in bins.Where(bin => bin.Count > 0))
        {
            page.Html.Write($"<tr><th scope=\"row\">{Figures.PercentNumber(bin.Lower)}–{Figures.Percent(bin.Upper)}</th><td class=\"n\">{Figures.Count(bin.Count)}</td><td class=\"n\">{page.Share(bin.MeanConfidence)}</td><td class=\"n\">{page.Share(bin.Accuracy)}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
        page.Html.Write($"</details>\n");
    }
}
