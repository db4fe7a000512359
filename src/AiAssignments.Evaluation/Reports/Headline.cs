using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>What a report says first, whatever its format.</summary>
/// <param name="Metric">Name of the headline metric.</param>
/// <param name="Estimate">Its value and interval.</param>
/// <param name="Reading">The same in one plain sentence.</param>
/// <param name="Aside">What puts it in proportion; <c>null</c> when there is nothing to say.</param>
/// <param name="Baseline">What always guessing the most frequent label would reach.</param>
internal sealed record Headline(string Metric, MetricEstimate Estimate, string Reading, string? Aside, double? Baseline)
{
    /// <summary>The headline of an evaluation: accuracy, or for tagging the micro F1 of entities.</summary>
    public static Headline Of(EvaluationResult result) => result switch
    {
        { Classification: { } classification } => Of(classification, result.Options.Confidence),
        { Entities: { } entities } => Of(entities, result.Options.Confidence),
        _ => new Headline("Nothing measured", new MetricEstimate(null), "No record had a label, so there is nothing to compare the predictions with.", null, null),
    };

    /// <summary>The share of right ones, or F1, that one difference of a comparison is about.</summary>
    public static string Capitalized(string metric) => metric.Length == 0 ? metric : char.ToUpperInvariant(metric[0]) + metric[1..];

    private static Headline Of(ClassificationMetrics metrics, double level)
    {
        var frequent = metrics.Classes.Where(row => row.Support > 0).MaxBy(row => row.Support);
        double? baseline = frequent is null || metrics.Count == 0 ? null : (double)frequent.Support / metrics.Count;
        var aside = baseline is { } share
            ? $"Always answering “{Html.HtmlText.Clip(frequent!.Label, 60)}” would be right on {Figures.Percent(share)}."
            : null;
        var reading = metrics.Accuracy.Value is null
            ? "No record had a label, so there is nothing to compare the predictions with."
            : $"{Figures.Percent(metrics.Accuracy.Value)} of {Figures.Count(metrics.Count, "record")} right{Between(metrics.Accuracy, level)}.";
        return new Headline("Accuracy", metrics.Accuracy, reading, aside, baseline);
    }

    private static Headline Of(EntityMetrics metrics, double level)
    {
        var micro = metrics.Averages.FirstOrDefault(row => row.Average == "micro");
        var estimate = micro?.F1 ?? new MetricEstimate(null);
        var reading = estimate.Value is null
            ? $"Neither the data nor the predictions hold an entity in {Figures.Count(metrics.Sentences, "sentence")}, so F1 is undefined."
            : $"Of {Figures.Count(metrics.GoldEntities)} entities in the data {Figures.Percent(micro!.Recall.Value)} were found exactly, and of the {Figures.Count(metrics.PredictedEntities)} reported {Figures.Percent(micro.Precision.Value)} were right: F1 {Figures.Percent(estimate.Value)}{Between(estimate, level)}.";
        var aside = $"{Figures.Percent(metrics.TokenAccuracy.Value)} of {Figures.Count(metrics.Tokens, "token")} have the right tag, most of them outside any entity: F1 is the harder figure.";
        return new Headline("Entity F1", estimate, reading, aside, null);
    }

    private static string Between(MetricEstimate estimate, double level) => estimate is { Lower: { } lower, Upper: { } upper }
        ? $"; with {Figures.Level(level)} confidence between {Figures.Percent(lower)} and {Figures.Percent(upper)}"
        : string.Empty;
}
