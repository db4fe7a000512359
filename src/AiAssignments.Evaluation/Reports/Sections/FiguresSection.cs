using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>All figures over the whole dataset, each with what it means.</summary>
internal static class FiguresSection
{
    public static void Write(ReportPage page, EvaluationResult result)
    {
        page.BeginTable("All figures", cards: true);
        page.Html.Write($"<thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"n\">Value</th><th scope=\"col\" class=\"n\">Interval</th><th scope=\"col\">What it says</th></tr></thead>\n<tbody>\n");
        if (result.Classification is { } classification)
        {
            Classification(page, classification);
        }
        else if (result.Entities is { } entities)
        {
            Entities(page, entities);
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
        Records(page, result.Counts);
    }

    private static void Classification(ReportPage page, ClassificationMetrics metrics)
    {
        Row(page, "Accuracy", page.Share(metrics.Accuracy.Value), Figures.Interval(metrics.Accuracy), "share of records with the right label");
        Row(page, "Balanced accuracy", page.Share(metrics.BalancedAccuracy.Value), Figures.Interval(metrics.BalancedAccuracy), "mean recall over the classes that occur");
        Averages(page, metrics.Averages);
        Row(page, "Matthews correlation", page.Number(metrics.Mcc.Value), Figures.NumberInterval(metrics.Mcc), "agreement beyond chance, −1 to 1");
        Row(page, "Cohen’s kappa", page.Number(metrics.CohenKappa.Value), Figures.NumberInterval(metrics.CohenKappa), "agreement beyond chance, at most 1");
        Row(page, "ROC AUC", page.Number(metrics.RocAuc), string.Empty, metrics.Labels.Count == 2 ? $"ranking of “{HtmlText.Clip(metrics.Labels[1], 40)}” before the other; 0.5 is chance" : "one class against the rest, macro average; 0.5 is chance");
        Row(page, "Log loss", page.Number(metrics.LogLoss), string.Empty, "nats a record; less is better");
        Row(page, "Brier score", page.Number(metrics.Brier), string.Empty, "squared error of the probabilities; less is better");
        Row(page, "Expected calibration error", page.Share(metrics.ExpectedCalibrationError), string.Empty, "mean distance of confidence from accuracy");
        if (metrics.Abstention is { } abstention)
        {
            Row(page, "Coverage", page.Share(abstention.Coverage.Value), Figures.Interval(abstention.Coverage), $"answered when it abstains under {Figures.Percent(abstention.Threshold)} confidence; {Figures.Count(abstention.Abstained, "record")} not answered");
            Row(page, "Selective accuracy", page.Share(abstention.SelectiveAccuracy.Value), Figures.Interval(abstention.SelectiveAccuracy), "share right among the answered");
        }
    }

    private static void Entities(ReportPage page, EntityMetrics metrics)
    {
        Averages(page, metrics.Averages);
        Row(page, "Token accuracy", page.Share(metrics.TokenAccuracy.Value), Figures.Interval(metrics.TokenAccuracy), "share of tokens with the right tag");
        Row(page, "Entities in the data", Markup.Of($"{Figures.Count(metrics.GoldEntities)}"), string.Empty, $"in {Figures.Count(metrics.Sentences, "sentence")}, tags read as {metrics.Scheme}");
        Row(page, "Entities predicted", Markup.Of($"{Figures.Count(metrics.PredictedEntities)}"), string.Empty, "by the model");
        Row(page, "Entities right", Markup.Of($"{Figures.Count(metrics.CorrectEntities)}"), string.Empty, $"same boundaries and type ({metrics.Mode})");
    }

    private static void Averages(ReportPage page, IReadOnlyList<AveragedMetrics> averages)
    {
        foreach (var average in averages)
        {
            var meaning = average.Average switch
            {
                "micro" => "over all decisions together",
                "macro" => "mean over classes, each the same weight",
                "weighted" => "mean over classes by their support",
                _ => string.Empty,
            };
            Row(page, $"{Headline.Capitalized(average.Average)} F1", page.Share(average.F1.Value), Figures.Interval(average.F1), meaning);
        }
    }

    private static void Records(ReportPage page, RecordCounts counts)
    {
        page.Html.Write($"<h3>Records</h3>\n<dl class=\"rows\">\n");
        page.Row("In the dataset", Figures.Count(counts.Total));
        page.Row("Scored", Figures.Count(counts.Scored));
        page.Row("Bad", counts.Bad == 0 ? "none" : Figures.Count(counts.Bad));
        page.Row("Without a label", counts.Unlabelled == 0 ? "none" : Figures.Count(counts.Unlabelled) + ", predicted but not counted in any figure");
        page.Row("Cut to the model’s longest input", counts.Truncated == 0 ? "none" : Figures.Count(counts.Truncated));
        page.Html.Write($"</dl>\n");
    }

    private static void Row(ReportPage page, string name, Markup value, string interval, string meaning) =>
        page.Html.Write($"<tr><th scope=\"row\" class=\"inline\">{name}</th><td class=\"n inline\">{value}</td><td class=\"n quiet inline\">{interval}</td><td>{meaning}</td></tr>\n");
}
