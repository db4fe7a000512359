using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>The sections of an optimization's report, beside those of the comparison.</summary>
internal static class OptimizationSections
{
    public static void Lead(ReportPage page, OptimizationResult result)
    {
        var (html, comparison) = (page.Html, result.Comparison);
        html.Write($"""
            <header>
            <p class="kicker">Optimization: {HtmlText.Clip(result.Pass, 120)}</p>
            <h1><bdi>{ComparisonSections.Name(comparison.B)}</bdi> <span class="on">(B) made from</span> <bdi>{ComparisonSections.Name(comparison.A)}</bdi> <span class="on">(A), judged on</span> <bdi>{HtmlText.Clip(comparison.A.Dataset.Name, 200)}</bdi></h1>
            <div class="lead">
            """);
        var most = (result.MaxAccuracyDrop * 100).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);
        html.Write($"<div><p class=\"metric\">The gate says</p><p class=\"value word\">{(result.Accepted ? "accepted" : "refused")}</p><p class=\"interval\">at most {most} {(most == "1" ? "point" : "points")} may be lost</p></div>");
        html.Write($"<div><p class=\"reading\">{result.Verdict}</p></div></div>\n<dl class=\"facts\">\n");
        foreach (var (side, evaluation) in new[] { ("A", comparison.A), ("B", comparison.B) })
        {
            var headline = Headline.Of(evaluation);
            page.Fact($"{headline.Metric} of {side}", page.Share(headline.Estimate.Value), Figures.Interval(headline.Estimate));
        }

        page.Fact("Size", Markup.Of($"×\u00A0{Ratio(result.After.SizeBytes, result.Before.SizeBytes)}"), $"{Figures.Bytes(result.Before.SizeBytes)} to {Figures.Bytes(result.After.SizeBytes)}");
        foreach (var (before, after) in Pairs(result).Take(1))
        {
            page.Fact($"Speed at batch {before.Batch}", Markup.Of($"×\u00A0{Ratio(before.P50Milliseconds, after.P50Milliseconds)}"), $"{Figures.Milliseconds(before.P50Milliseconds)} to {Figures.Milliseconds(after.P50Milliseconds)}");
        }

        html.Write($"</dl>\n</header>\n");
    }

    public static void Cost(ReportPage page, OptimizationResult result)
    {
        var (html, a, b) = (page.Html, result.Before, result.After);
        html.Write($"<figure><figcaption>What B takes, divided by what A takes: left of the line it is smaller or faster.</figcaption>\n");
        RatioChart.Draw(html, [.. Ratios(result)], "Size, memory and time of B beside A");
        html.Write($"</figure>\n");
        page.BeginTable("Size and memory");
        html.Write($"<thead><tr><td></td><th scope=\"col\" class=\"n\">A</th><th scope=\"col\" class=\"n\">B</th><th scope=\"col\" class=\"n\">B / A</th></tr></thead>\n<tbody>\n");
        Row("Size of the graph and its weights", a.SizeBytes, b.SizeBytes);
        Row("The same through gzip", a.CompressedBytes, b.CompressedBytes);
        html.Write($"<tr><th scope=\"row\">Numbers stored in the graph</th><td class=\"n\">{Figures.Count(a.Parameters)}</td><td class=\"n\">{Figures.Count(b.Parameters)}</td><td class=\"n\">{Ratio(b.Parameters, a.Parameters)}</td></tr>\n");
        if (a.MemoryBytes is { } memoryA && b.MemoryBytes is { } memoryB)
        {
            Row("Memory gained by loading and running", memoryA, memoryB);
        }
        else
        {
            html.Write($"<tr><th scope=\"row\">Memory gained by loading and running</th><td class=\"n\">{Memory(a)}</td><td class=\"n\">{Memory(b)}</td><td class=\"n\">{Figures.Undefined}</td></tr>\n");
        }

        html.Write($"</tbody>");
        page.EndTable();
        var machine = result.Comparison.B.Machine;
        html.Write($"<p class=\"intro\">Time of a batch from record to prediction, tokenization or decoding included, in turn on the same records of the gate dataset; on {HtmlText.Clip(machine.Processor, 120)} with {HtmlText.Clip(machine.InstructionSets, 200)}.</p>\n");
        page.BeginTable("Speed by batch size");
        html.Write($"<thead><tr><th scope=\"col\" class=\"n\">Batch</th><th scope=\"col\" class=\"n\">A, median</th><th scope=\"col\" class=\"n\">A, p99</th><th scope=\"col\" class=\"n\">B, median</th><th scope=\"col\" class=\"n\">B, p99</th><th scope=\"col\" class=\"n\">A, records/s</th><th scope=\"col\" class=\"n\">B, records/s</th><th scope=\"col\" class=\"n\">B / A</th></tr></thead>\n<tbody>\n");
        foreach (var (before, after) in Pairs(result))
        {
            html.Write($"<tr><th scope=\"row\" class=\"n\">{before.Batch}</th><td class=\"n\">{Figures.Milliseconds(before.P50Milliseconds)}</td><td class=\"n\">{Figures.Milliseconds(before.P99Milliseconds)}</td><td class=\"n\">{Figures.Milliseconds(after.P50Milliseconds)}</td><td class=\"n\">{Figures.Milliseconds(after.P99Milliseconds)}</td><td class=\"n\">{Figures.Rate(before.RecordsPerSecond)}</td><td class=\"n\">{Figures.Rate(after.RecordsPerSecond)}</td><td class=\"n\">{Ratio(after.RecordsPerSecond, before.RecordsPerSecond)}</td></tr>\n");
        }

        html.Write($"</tbody>");
        page.EndTable();

        void Row(string name, long before, long after) =>
            html.Write($"<tr><th scope=\"row\">{name}</th><td class=\"n\">{Figures.Bytes(before)}</td><td class=\"n\">{Figures.Bytes(after)}</td><td class=\"n\">{Ratio(after, before)}</td></tr>\n");
    }

    private static IEnumerable<(string Label, double Ratio)> Ratios(OptimizationResult result)
    {
        var (a, b) = (result.Before, result.After);
        yield return ("Size", Share(b.SizeBytes, a.SizeBytes));
        yield return ("Through gzip", Share(b.CompressedBytes, a.CompressedBytes));
        if (a.MemoryBytes is { } memoryA && b.MemoryBytes is { } memoryB)
        {
            yield return ("Memory", Share(memoryB, memoryA));
        }

        foreach (var (before, after) in Pairs(result))
        {
            yield return (FormattableString.Invariant($"Time of {Figures.Count(before.Batch, "record")}"), Share(after.P50Milliseconds, before.P50Milliseconds));
        }

        static double Share(double of, double to) => to > 0 ? of / to : 0;
    }

    public static void Pass(ReportPage page, OptimizationResult result)
    {
        var html = page.Html;
        if (result.Facts.Count > 0)
        {
            page.BeginTable("What the pass did");
            html.Write($"<thead><tr><th scope=\"col\">Fact</th><th scope=\"col\" class=\"n\">Value</th><th scope=\"col\">Unit</th></tr></thead>\n<tbody>\n");
            foreach (var fact in result.Facts)
            {
                html.Write($"<tr><th scope=\"row\"><bdi>{HtmlText.Clip(fact.Name, 120)}</bdi></th><td class=\"n\"><bdi>{HtmlText.Clip(fact.Value, 200)}</bdi></td><td><bdi>{HtmlText.Clip(fact.Unit, 40)}</bdi></td></tr>\n");
            }

            html.Write($"</tbody>");
            page.EndTable();
        }

        html.Write($"<ul class=\"notes\">\n");
        foreach (var note in result.Notes)
        {
            html.Write($"<li><bdi>{HtmlText.Clip(note, 600)}</bdi></li>\n");
        }

        html.Write($"</ul>\n");
    }

    public static void Attempts(ReportPage page, OptimizationResult result)
    {
        var html = page.Html;
        page.BeginTable("Versions tried");
        html.Write($"<thead><tr><th scope=\"col\">Version</th><th scope=\"col\">Left in float</th><th scope=\"col\" class=\"n\">Difference, points</th><th scope=\"col\">Gate</th></tr></thead>\n<tbody>\n");
        foreach (var attempt in result.Attempts)
        {
            var left = attempt.LeftAlone.Count == 0 ? "nothing" : string.Join(", ", attempt.LeftAlone);
            var interval = attempt.Difference is { Lower: { } lower, Upper: { } upper } ? $"{Figures.Points(lower)} to {Figures.Points(upper)}" : string.Empty;
            html.Write($"<tr><th scope=\"row\"><bdi>{HtmlText.Clip(attempt.Candidate, 120)}</bdi></th><td><bdi>{HtmlText.Clip(left, 400)}</bdi></td><td class=\"n\">{Figures.Points(attempt.Difference.Value)} <span class=\"ci\">{interval}</span></td><td>{(attempt.Accepted ? "accepted" : "refused")}</td></tr>\n");
        }

        html.Write($"</tbody>");
        page.EndTable();
    }

    public static void Learning(ReportPage page, OptimizationResult result, IReadOnlyList<LearningPoint> points)
    {
        var kept = result.Facts.FirstOrDefault(fact => fact.Name == "seed-kept")?.Value;
        page.Html.Write($"<figure><figcaption>Accuracy on the validation split after each epoch, a line for each seed; a dot at the highest of the seed that was kept.</figcaption>\n");
        LearningChart.Draw(page.Html, points, int.TryParse(kept, System.Globalization.CultureInfo.InvariantCulture, out var seed) ? seed : null, "Learning curve");
        page.Html.Write($"</figure>\n");
    }

    /// <summary>What a model takes in memory, where that could be told from what else the process does.</summary>
    public static string Memory(ModelCost cost) => cost.MemoryBytes is { } bytes ? Figures.Bytes(bytes) : "too little to tell";

    /// <summary>A ratio with two decimals.</summary>
    public static string Ratio(double of, double to) => to > 0 ? (of / to).ToString("F2", System.Globalization.CultureInfo.InvariantCulture) : Figures.Undefined;

    /// <summary>The batch sizes that both sides were measured at.</summary>
    public static IEnumerable<(BatchCost Before, BatchCost After)> Pairs(OptimizationResult result) =>
        from before in result.Before.Batches
        join after in result.After.Batches on before.Batch equals after.Batch
        select (before, after);
}
