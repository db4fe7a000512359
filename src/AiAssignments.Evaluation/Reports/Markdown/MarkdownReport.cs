using System.Text;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Markdown;
using AiAssignments.Evaluation.Reports.Sections;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>Results as GitHub-flavoured Markdown, for a pull request or a notebook. Text of models and datasets is escaped everywhere.</summary>
public static class MarkdownReport
{
    private const int MostRows = 60;
    private const int MostMistakes = 20;

    /// <summary>Writes an evaluation, UTF-8.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(EvaluationResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a comparison, UTF-8.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(ComparisonResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes an optimization, UTF-8.</summary>
    /// <param name="result">What to report.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static async Task WriteAsync(OptimizationResult result, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(Encoding.UTF8.GetBytes(OptimizationMarkdown.Create(result)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An evaluation as a string.</summary>
    /// <param name="result">What to report.</param>
    public static string Create(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var page = new MarkdownPage();
        var headline = Headline.Of(result);
        page.Heading(1, $"{result.Model.Name} {result.Model.Version} on {result.Dataset.Name}");
        page.Strong($"{headline.Metric} {Figures.Percent(headline.Estimate.Value)}", headline.Reading);
        if (headline.Aside is not null)
        {
            page.Paragraph(headline.Aside);
        }

        page.Paragraph($"{Figures.Count(result.Counts.Scored)} of {Figures.Count(result.Counts.Total, "record")} scored, {Figures.Count(result.Counts.Bad)} bad, {Figures.Count(result.Counts.Unlabelled)} without a label, {Figures.Count(result.Counts.Truncated)} cut to the longest input.");
        if (result.Classification is { } classification)
        {
            page.Table(["Figure", "Value", "Interval"], 2,
            [
                ["Accuracy", .. Share(classification.Accuracy)],
                ["Balanced accuracy", .. Share(classification.BalancedAccuracy)],
                .. classification.Averages.Select(row => (string[])[$"{Headline.Capitalized(row.Average)} F1", .. Share(row.F1)]),
                ["Matthews correlation", Figures.Number(classification.Mcc.Value), Figures.NumberInterval(classification.Mcc)],
                ["Cohen’s kappa", Figures.Number(classification.CohenKappa.Value), Figures.NumberInterval(classification.CohenKappa)],
                ["ROC AUC", Figures.Number(classification.RocAuc), string.Empty],
                ["Log loss", Figures.Number(classification.LogLoss), string.Empty],
                ["Brier score", Figures.Number(classification.Brier), string.Empty],
                ["Expected calibration error", Figures.Percent(classification.ExpectedCalibrationError), string.Empty],
            ]);
            Classes(page, classification.Classes, "Class");
            Pairs(page, classification.Labels, classification.Confusion);
        }

        if (result.Entities is { } entities)
        {
            page.Table(["Figure", "Value", "Interval"], 2, [["Token accuracy", .. Share(entities.TokenAccuracy)], .. entities.Averages.Select(row => (string[])[$"{Headline.Capitalized(row.Average)} F1", .. Share(row.F1)])]);
            Classes(page, entities.Types, "Type");
            Pairs(page, entities.Tags, entities.TagConfusion);
        }

        Lists(page, result);
        page.Heading(2, "Reproduce");
        page.Code(EvaluateCommand.Of(result));
        page.Table(["Fact", "Value"], 2, [.. ReproduceSection.Facts(result).Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => new[] { fact.Name, fact.Value! })]);
        page.Heading(2, "Notes");
        page.List([.. result.Notes, .. NotesSection.Methods(result), NotesSection.UndefinedNote]);
        return page.ToString();
    }

    /// <summary>A comparison as a string.</summary>
    /// <param name="result">What to report.</param>
    public static string Create(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var page = new MarkdownPage();
        page.Heading(1, $"{ComparisonSections.Name(result.B)} (B) against {ComparisonSections.Name(result.A)} (A) on {HtmlText.Clip(result.A.Dataset.Name, 200)}");
        page.Paragraph(result.Verdict);
        page.Table(["Metric", "A", "B", "B − A, points", "Interval", "p", "Test"], 1,
        [
            .. result.Differences.Select(row => (string[])
            [
                Headline.Capitalized(row.Metric), Figures.Percent(row.A), Figures.Percent(row.B), Figures.Points(row.Difference.Value),
                row.Difference is { Lower: { } lower, Upper: { } upper } ? $"{Figures.Points(lower)} to {Figures.Points(upper)}" : string.Empty,
                Figures.PValue(row.PValue), ComparisonSections.TestName(row.Test),
            ]),
        ]);
        page.Table([$"Of {Figures.Count(result.Paired, "record")}", "B right", "B wrong"], 1,
        [
            ["A right", Figures.Count(result.BothRight), Figures.Count(result.OnlyA)],
            ["A wrong", Figures.Count(result.OnlyB), Figures.Count(result.BothWrong)],
        ]);
        page.Heading(2, "Side by side");
        page.Table(["Fact", "A", "B"], 3,
        [
            .. ReproduceSection.Facts(result.A).Zip(ReproduceSection.Facts(result.B))
                .Where(pair => !string.IsNullOrEmpty(pair.First.Value) || !string.IsNullOrEmpty(pair.Second.Value))
                .Select(pair => (string[])[pair.First.Name, pair.First.Value ?? string.Empty, pair.Second.Value ?? string.Empty]),
        ]);
        page.Code(EvaluateCommand.Of(result.A) + "\n" + EvaluateCommand.Of(result.B));
        return page.ToString();
    }

    private static string[] Share(MetricEstimate estimate) => [Figures.Percent(estimate.Value), Figures.Interval(estimate)];

    private static string Both(MetricEstimate estimate) => Figures.Interval(estimate) is { Length: > 0 } interval ? $"{Figures.Percent(estimate.Value)} ({interval})" : Figures.Percent(estimate.Value);

    private static void Classes(MarkdownPage page, IReadOnlyList<ClassMetrics> classes, string noun)
    {
        page.Heading(2, $"By {noun.ToLowerInvariant()}");
        page.Table([noun, "In the data", "Predicted", "Precision", "Recall", "F1"], 1, [.. classes.Take(MostRows).Select(row => (string[])[row.Label, Figures.Count(row.Support), Figures.Count(row.Predicted), Both(row.Precision), Both(row.Recall), Both(row.F1)])]);
        if (classes.Count > MostRows)
        {
            page.Paragraph($"The first {MostRows} of {classes.Count}; all are in the JSON report.");
        }
    }

    private static void Pairs(MarkdownPage page, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<long>> confusion)
    {
        var pairs = ConfusionSection.MostConfused(labels, confusion, 10);
        if (pairs.Count > 0)
        {
            page.Heading(2, "Confused most");
            page.Table(["True", "Predicted", "Count", "Of the true ones"], 2, [.. pairs.Select(pair => (string[])[pair.Truth, pair.Predicted, Figures.Count(pair.Count), Figures.Percent(pair.Share)])]);
        }
    }

    private static void Lists(MarkdownPage page, EvaluationResult result)
    {
        if (result.Slices.Count > 0)
        {
            page.Heading(2, "Slices");
            page.Table(["By", "Value", "Count", "Accuracy"], 2, [.. result.Slices.Take(MostRows).Select(row => (string[])[row.Slice, row.Value, Figures.Count(row.Count), Both(row.Accuracy)])]);
        }

        if (result.Mistakes.Count > 0)
        {
            page.Heading(2, "Most confident mistakes");
            page.Table(["True", "Predicted", "Where", "Text", "Sure"], 4, [.. result.Mistakes.Take(MostMistakes).Select(row => (string[])[row.Truth, row.Predicted, row.Where, row.Excerpt, Figures.Percent(row.Confidence)])]);
        }

        if (result.BadRecords.Count > 0)
        {
            page.Heading(2, "Bad records");
            page.Table(["Where", "What is wrong", "Code"], 3, [.. result.BadRecords.Take(MostMistakes).Select(row => (string[])[row.Position.ToString(), row.Message, row.Code])]);
        }

        var (performance, latency) = (result.Performance, result.Performance.Batches);
        page.Heading(2, "Speed and memory");
        page.Paragraph($"{Figures.Rate(performance.RecordsPerSecond)} records a second; latency of a {latency.Unit}: p50 {Figures.Milliseconds(latency.P50)}, p90 {Figures.Milliseconds(latency.P90)}, p95 {Figures.Milliseconds(latency.P95)}, p99 {Figures.Milliseconds(latency.P99)}, max {Figures.Milliseconds(latency.Max)} ({Figures.Count(latency.Samples, "sample")}); peak working set {Figures.Bytes(performance.PeakWorkingSetBytes)}.");
        if (result.Memory is { Count: > 0 } memory)
        {
            page.Heading(2, "Memory by activity");
            page.Paragraph(MemorySection.Method);
            page.Table(MemorySection.Columns, 1, [.. memory.Select(MemorySection.Cells)]);
        }
    }
}
