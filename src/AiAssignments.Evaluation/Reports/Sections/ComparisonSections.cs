using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>The sections of a comparison.</summary>
internal static class ComparisonSections
{
    public static string Name(EvaluationResult result) => $"{HtmlText.Clip(result.Model.Name, 80)} {HtmlText.Clip(result.Model.Version, 40)}";

    public static void Lead(ReportPage page, ComparisonResult result)
    {
        var html = page.Html;
        html.Write($"""
            <header>
            <p class="kicker">Comparison of two models on the same {Figures.Count(result.Paired, "record")}</p>
            <h1><bdi>{Name(result.B)}</bdi> <span class="on">(B) against</span> <bdi>{Name(result.A)}</bdi> <span class="on">(A) on</span> <bdi>{HtmlText.Clip(result.A.Dataset.Name, 200)}</bdi></h1>
            <div class="lead">
            """);
        var first = result.Differences.Count > 0 ? result.Differences[0] : null;
        html.Write($"<div><p class=\"metric\">Difference in {first?.Metric ?? "anything"}, B minus A</p>");
        if (first?.Difference.Value is { } value)
        {
            html.Write($"<p class=\"value\">{Figures.Points(value)}<span class=\"unit\"> points</span></p>");
            if (first.Difference is { Lower: { } lower, Upper: { } upper })
            {
                html.Write($"<p class=\"interval\">{Figures.Level(result.B.Options.Confidence)} interval {Figures.Points(lower)} to {Figures.Points(upper)}; p {(first.PValue < 0.001 ? string.Empty : "= ")}{Figures.PValue(first.PValue)}</p>");
            }
        }
        else
        {
            html.Write($"<p class=\"value word\">{page.Undefined()}</p>");
        }

        html.Write($"</div><div><p class=\"reading\">{result.Verdict}</p></div></div>\n<dl class=\"facts\">\n");
        foreach (var (side, evaluation) in Sides(result))
        {
            var headline = Headline.Of(evaluation);
            page.Fact($"{headline.Metric} of {side}", page.Share(headline.Estimate.Value), Figures.Interval(headline.Estimate));
        }

        page.Fact("Speed of A", Markup.Of($"{Figures.Rate(result.A.Performance.RecordsPerSecond)}\u00A0/s"), "records a second");
        page.Fact("Speed of B", Markup.Of($"{Figures.Rate(result.B.Performance.RecordsPerSecond)}\u00A0/s"), "records a second");
        html.Write($"</dl>\n</header>\n");
    }

    public static void Differences(ReportPage page, ComparisonResult result)
    {
        var html = page.Html;
        html.Write($"<figure><figcaption>B minus A in percentage points, with intervals. An interval that crosses zero (dashed) is compatible with no difference.</figcaption>\n");
        DotChart.Draw(html, [.. result.Differences.Select(row => new DotRow(Headline.Capitalized(row.Metric), string.Empty, row.Difference))], 0, "Differences with intervals", differences: true);
        html.Write($"</figure>\n");
        page.BeginTable("Differences");
        html.Write($"<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"n\">A</th><th scope=\"col\" class=\"n\">B</th><th scope=\"col\" class=\"n\">B − A, points</th><th scope=\"col\" class=\"n\">p</th><th scope=\"col\">Test</th></tr></thead>\n<tbody>\n");
        foreach (var row in result.Differences)
        {
            var interval = row.Difference is { Lower: { } lower, Upper: { } upper } ? $"{Figures.Points(lower)} to {Figures.Points(upper)}" : string.Empty;
            var difference = row.Difference.Value is null ? page.Undefined() : Markup.Of($"{Figures.Points(row.Difference.Value)} <span class=\"ci\">{interval}</span>");
            html.Write($"<tr><th scope=\"row\">{Headline.Capitalized(row.Metric)}</th><td class=\"n\">{page.Share(row.A)}</td><td class=\"n\">{page.Share(row.B)}</td><td class=\"n\">{difference}</td><td class=\"n\">{(row.PValue is null ? page.Undefined() : Markup.Of($"{Figures.PValue(row.PValue)}"))}</td><td>{TestName(row.Test)}</td></tr>\n");
        }

        html.Write($"</tbody>");
        page.EndTable();
    }

    public static void Pairs(ReportPage page, ComparisonResult result)
    {
        var (html, onlyOne) = (page.Html, result.OnlyA + result.OnlyB);
        html.Write($"<p class=\"intro\">McNemar’s test looks only at the {Figures.Count(onlyOne, "record")} on which just one of the two is right: {Figures.Count(result.OnlyA)} go to A, {Figures.Count(result.OnlyB)} to B.</p>\n");
        page.BeginTable("Records by who is right");
        html.Write($"<thead><tr><td></td><th scope=\"col\" class=\"n\">B right</th><th scope=\"col\" class=\"n\">B wrong</th><th scope=\"col\" class=\"n\">Sum</th></tr></thead>\n<tbody>\n");
        PairRow(page, "A right", result.BothRight, result.OnlyA, result.Paired);
        PairRow(page, "A wrong", result.OnlyB, result.BothWrong, result.Paired);
        html.Write($"</tbody>\n<tfoot>\n");
        PairRow(page, "Sum", result.BothRight + result.OnlyB, result.OnlyA + result.BothWrong, result.Paired);
        html.Write($"</tfoot>");
        page.EndTable();
    }

    public static void Classes(ReportPage page, ComparisonResult result)
    {
        var second = Rows(result.B).GroupBy(row => row.Label, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        page.BeginTable("F1 by class");
        page.Html.Write($"<thead><tr><th scope=\"col\">Class</th><th scope=\"col\" class=\"n\">In the data</th><th scope=\"col\" class=\"n\">F1 of A</th><th scope=\"col\" class=\"n\">F1 of B</th><th scope=\"col\" class=\"n\">B − A, points</th></tr></thead>\n<tbody>\n");
        foreach (var row in Rows(result.A))
        {
            var other = second.GetValueOrDefault(row.Label);
            var difference = other?.F1.Value - row.F1.Value;
            page.Html.Write($"<tr><th scope=\"row\"><bdi>{HtmlText.Clip(row.Label, 120)}</bdi></th><td class=\"n\">{Figures.Count(row.Support)}</td><td class=\"n\">{page.Share(row.F1)}</td><td class=\"n\">{(other is null ? Markup.Of($"absent") : page.Share(other.F1))}</td><td class=\"n\">{(difference is null ? Markup.Empty : Markup.Of($"{Figures.Points(difference)}"))}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
        page.Html.Write($"<p class=\"intro\">Differences of single classes are not tested here: among many, some are large by chance.</p>\n");
    }

    public static void SideBySide(ReportPage page, ComparisonResult result)
    {
        var html = page.Html;
        page.BeginTable("Side by side");
        html.Write($"<thead><tr><td></td><th scope=\"col\">A</th><th scope=\"col\">B</th></tr></thead>\n<tbody>\n");
        foreach (var (a, b) in ReproduceSection.Facts(result.A).Zip(ReproduceSection.Facts(result.B)))
        {
            if (!string.IsNullOrEmpty(a.Value) || !string.IsNullOrEmpty(b.Value))
            {
                html.Write($"<tr><th scope=\"row\">{a.Name}</th><td class=\"excerpt\"><bdi>{a.Value}</bdi></td><td class=\"excerpt\"><bdi>{b.Value}</bdi></td></tr>\n");
            }
        }

        var (one, two) = (result.A.Performance, result.B.Performance);
        html.Write($"<tr><th scope=\"row\">Median latency</th><td>{Figures.Milliseconds(one.Batches.P50)} a {one.Batches.Unit}</td><td>{Figures.Milliseconds(two.Batches.P50)} a {two.Batches.Unit}</td></tr>\n<tr><th scope=\"row\">Peak memory</th><td>{Figures.Bytes(one.PeakWorkingSetBytes)}</td><td>{Figures.Bytes(two.PeakWorkingSetBytes)}</td></tr>\n</tbody>");
        page.EndTable();
        foreach (var (side, evaluation) in Sides(result))
        {
            html.Write($"<h3>Repeat {side}</h3>\n<pre><code>{EvaluateCommand.Of(evaluation)}</code></pre>\n");
        }
    }

    /// <summary>A test's name for a person.</summary>
    public static string TestName(string test) => test switch
    {
        "mcnemar-exact" => "McNemar, exact",
        "mcnemar-mid-p" => "McNemar, mid-p",
        "paired-bootstrap" => "paired bootstrap",
        _ => test,
    };

    /// <summary>Classes, or entity types.</summary>
    public static IReadOnlyList<ClassMetrics> Rows(EvaluationResult result) => result.Classification?.Classes ?? result.Entities?.Types ?? [];

    private static (string Side, EvaluationResult Evaluation)[] Sides(ComparisonResult result) => [("A", result.A), ("B", result.B)];

    private static void PairRow(ReportPage page, string name, long left, long right, long total)
    {
        static string Share(long count, long total) => total == 0 ? string.Empty : Figures.Percent((double)count / total);
        page.Html.Write($"<tr><th scope=\"row\">{name}</th><td class=\"n\">{Figures.Count(left)} <span class=\"ci\">{Share(left, total)}</span></td><td class=\"n\">{Figures.Count(right)} <span class=\"ci\">{Share(right, total)}</span></td><td class=\"n\">{Figures.Count(left + right)} <span class=\"ci\">{Share(left + right, total)}</span></td></tr>\n");
    }
}
