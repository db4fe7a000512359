using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Bench.Reports;

/// <summary>The tables and lists of the HTML.</summary>
internal static class BenchHtmlParts
{
    public static void Grid(ReportPage page, BenchGrid grid)
    {
        var html = page.Html;
        page.BeginTable(grid.Section.Title());
        html.Write($"<thead><tr><td></td>");
        foreach (var column in grid.Columns)
        {
            html.Write($"<th scope=\"col\" class=\"n\">{column}</th>");
        }

        if (grid.HasTargets)
        {
            html.Write($"<th scope=\"col\" class=\"n\">target</th><th scope=\"col\" class=\"n\">of target</th>");
        }

        html.Write($"</tr></thead><tbody>\n");
        foreach (var row in grid.Rows)
        {
            html.Write($"<tr><th scope=\"row\">{Subject(row.Subject, string.Empty, row.Load)}</th>");
            foreach (var cell in row.Cells)
            {
                html.Write($"<td class=\"n\">{(cell is null ? Markup.Empty : Cell(cell))}</td>");
            }

            if (grid.HasTargets)
            {
                html.Write($"<td class=\"n\">{row.Targets}</td><td class=\"n\">{Ratios(row)}</td>");
            }

            html.Write($"</tr>\n");
        }

        html.Write($"</tbody>");
        page.EndTable();
    }

    public static void Missed(ReportPage page, IReadOnlyList<BenchMissed> missed)
    {
        page.Html.Write($"<p class=\"intro\">{BenchWords.MissedIntroduction}</p>\n");
        page.BeginTable(BenchWords.MissedTitle);
        page.Html.Write($"<thead><tr><td></td><th scope=\"col\" class=\"n\">measured</th><th scope=\"col\" class=\"n\">target</th><th scope=\"col\" class=\"n\">needed</th></tr></thead><tbody>\n");
        foreach (var each in missed)
        {
            var (figure, target) = (each.Row.Figure, each.Row.Target!.Value);
            page.Html.Write($"<tr><th scope=\"row\">{Subject(figure.Subject, $": {figure.Name}", string.Empty)}</th><td class=\"n\">{Cell(each.Row)}</td><td class=\"n\">{BenchNumbers.Text(target, figure.Unit)}</td><td class=\"n tw\">{each.Words}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }

    public static void Comparison(ReportPage page, BenchComparison comparison)
    {
        page.Html.Write($"<p class=\"intro\">{BenchWords.Rule(comparison)}</p>\n");
        if (comparison.Unequal.Count > 0)
        {
            List(page, comparison.Unequal);
        }

        if (comparison.Missing.Count > 0)
        {
            List(page, [.. comparison.Missing.Select(row => $"missing: {BenchWords.Missing(row)}")]);
        }

        var changed = comparison.Changes.Where(change => change.Verdict != BenchVerdict.Same).OrderByDescending(change => change.Verdict).ToList();
        if (changed.Count == 0)
        {
            page.Html.Write($"<p>All {Figures.Count(comparison.Changes.Count, "figure")} that were compared are the same within noise.</p>\n");
            return;
        }

        page.BeginTable("Changed figures");
        page.Html.Write($"<thead><tr><th scope=\"col\">figure</th><th scope=\"col\" class=\"n\">before</th><th scope=\"col\" class=\"n\">now</th><th scope=\"col\" class=\"n\">change</th><th scope=\"col\">verdict</th></tr></thead><tbody>\n");
        foreach (var change in changed)
        {
            page.Html.Write($"<tr><th scope=\"row\">{change.After.Figure.Subject}: {change.After.Figure.Name}{Small(change.After.Figure.Id)}</th><td class=\"n\">{Cell(change.Before)}</td><td class=\"n\">{Cell(change.After)}</td><td class=\"n\">{(change.Share is { } share ? $"{Figures.Points(share)}\u00A0%" : string.Empty)}</td><td class=\"{(change.Verdict == BenchVerdict.Worse ? "tw" : "tr")}\">{(change.Verdict == BenchVerdict.Worse ? "worse" : "better")}</td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }

    public static void List(ReportPage page, IReadOnlyList<string> lines)
    {
        page.Html.Write($"<ul class=\"notes\">\n");
        foreach (var line in lines)
        {
            page.Html.Write($"<li>{line}</li>\n");
        }

        page.Html.Write($"</ul>\n");
    }

    private static Markup Cell(BenchRow row) => Markup.Of($"{BenchNumbers.Text(row.Median, row.Figure.Unit)}{Small(BenchNumbers.Spread(row))}");

    private static Markup Small(string text) => text.Length == 0 ? Markup.Empty : Markup.Of($" <span class=\"ci\">{text}</span>");

    // What is in parentheses is smaller: the name is what one looks for.
    private static Markup Subject(string subject, string figure, string load)
    {
        var at = subject.EndsWith(')') ? subject.IndexOf(" (", StringComparison.Ordinal) : -1;
        return at < 0
            ? Markup.Of($"{subject}{figure}{Small(load)}")
            : Markup.Of($"{subject[..at]}{figure}{Small(subject[(at + 2)..^1])}{Small(load)}");
    }

    // Coloured by whether the target is met.
    private static Markup Ratios(BenchGridRow row) => row.Targets.Length == 0
        ? Markup.Empty
        : Markup.Join(row.Aimed.Select((cell, at) => Markup.Of($"{(at == 0 ? string.Empty : " / ")}{Ratio(cell)}")));

    private static Markup Ratio(BenchRow? cell) => cell?.Ratio is not { } ratio
        ? Markup.Of($"–")
        : cell.Met is not { } met ? Markup.Of($"{BenchNumbers.Ratio(ratio)}") : Markup.Of($"<span class=\"{(met ? "tr" : "tw")}\">{BenchNumbers.Ratio(ratio)}</span>");
}
