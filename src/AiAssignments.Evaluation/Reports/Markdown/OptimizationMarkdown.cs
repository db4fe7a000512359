using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Sections;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Markdown;

/// <summary>An optimization as Markdown.</summary>
internal static class OptimizationMarkdown
{
    public static string Create(OptimizationResult result)
    {
        var page = new MarkdownPage();
        var (comparison, a, b) = (result.Comparison, result.Before, result.After);
        page.Heading(1, $"{ComparisonSections.Name(comparison.B)} (B) made from {ComparisonSections.Name(comparison.A)} (A) by {result.Pass}, judged on {HtmlText.Clip(comparison.A.Dataset.Name, 200)}");
        page.Strong(result.Accepted ? "Accepted" : "Refused", result.Verdict);
        page.Table(["Metric", "A", "B", "B − A, points", "Interval", "p"], 1,
        [
            .. comparison.Differences.Select(row => (string[])
            [
                Headline.Capitalized(row.Metric), Figures.Percent(row.A), Figures.Percent(row.B), Figures.Points(row.Difference.Value),
                row.Difference is { Lower: { } lower, Upper: { } upper } ? $"{Figures.Points(lower)} to {Figures.Points(upper)}" : string.Empty, Figures.PValue(row.PValue),
            ]),
        ]);
        page.Heading(2, "Size, speed and memory");
        page.Table(["Cost", "A", "B", "B / A"], 1,
        [
            ["Size", Figures.Bytes(a.SizeBytes), Figures.Bytes(b.SizeBytes), OptimizationSections.Ratio(b.SizeBytes, a.SizeBytes)],
            ["Through gzip", Figures.Bytes(a.CompressedBytes), Figures.Bytes(b.CompressedBytes), OptimizationSections.Ratio(b.CompressedBytes, a.CompressedBytes)],
            ["Numbers stored", Figures.Count(a.Parameters), Figures.Count(b.Parameters), OptimizationSections.Ratio(b.Parameters, a.Parameters)],
            ["Memory", OptimizationSections.Memory(a), OptimizationSections.Memory(b), a.MemoryBytes is { } memoryA && b.MemoryBytes is { } memoryB ? OptimizationSections.Ratio(memoryB, memoryA) : Figures.Undefined],
            .. OptimizationSections.Pairs(result).SelectMany(pair => (string[][])
            [
                [
                    $"Batch {pair.Before.Batch}: median",
                    Figures.Milliseconds(pair.Before.P50Milliseconds),
                    Figures.Milliseconds(pair.After.P50Milliseconds),
                    OptimizationSections.Ratio(pair.After.P50Milliseconds, pair.Before.P50Milliseconds),
                ],
                [
                    $"Batch {pair.Before.Batch}: records/s",
                    Figures.Rate(pair.Before.RecordsPerSecond),
                    Figures.Rate(pair.After.RecordsPerSecond),
                    OptimizationSections.Ratio(pair.After.RecordsPerSecond, pair.Before.RecordsPerSecond),
                ],
            ]),
        ]);
        page.Paragraph($"Times are of batches from record to prediction, in turn on the same records, on {HtmlText.Clip(comparison.B.Machine.Processor, 120)} with {HtmlText.Clip(comparison.B.Machine.InstructionSets, 200)}.");
        page.Heading(2, "What the pass did");
        page.Table(["Fact", "Value", "Unit"], 1, [.. result.Facts.Select(fact => (string[])[fact.Name, fact.Value, fact.Unit])]);
        page.List([.. result.Notes]);
        if (result.Attempts.Count > 1)
        {
            page.Heading(2, "Versions tried");
            page.Table(["Version", "Left in float", "Difference, points", "Gate"], 2,
            [
                .. result.Attempts.Select(attempt => (string[])
                    [attempt.Candidate, string.Join(", ", attempt.LeftAlone), Figures.Points(attempt.Difference.Value), attempt.Accepted ? "accepted" : "refused"]),
            ]);
        }

        return page.ToString();
    }
}
