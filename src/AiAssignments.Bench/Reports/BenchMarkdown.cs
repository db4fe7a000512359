using System.Globalization;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;
using AiAssignments.Evaluation.Reports.Markdown;

namespace AiAssignments.Bench.Reports;

/// <summary>A table as Markdown.</summary>
public static class BenchMarkdown
{
    /// <summary>Makes it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="comparison">With an earlier one; <c>null</c>: there is none.</param>
    public static string Create(BenchTable table, BenchComparison? comparison = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var page = new MarkdownPage();
        page.Heading(1, "Performance");
        page.Paragraph($"{BenchWords.Reading(table)} {BenchWords.Targets(table)}");
        page.Paragraph($"Machine: {BenchWords.Machine(table)}. AI Assignments {table.Machine.Product}, {table.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.");
        if (comparison is not null)
        {
            page.Heading(2, "Compared with the earlier table");
            page.Strong(BenchWords.Verdict(comparison), BenchWords.Rule(comparison));
            page.List([.. comparison.Unequal, .. comparison.Missing.Select(row => $"missing: {BenchWords.Missing(row)}"), .. comparison.Regressions.Select(change => $"worse: {BenchWords.Change(change)}"), .. comparison.Improvements.Select(change => $"better: {BenchWords.Change(change)}")]);
        }

        Missed(page, table);
        foreach (var grid in BenchGrid.Of(table))
        {
            page.Heading(2, grid.Section.Title());
            Grid(page, grid);
        }

        if (table.Notes.Count > 0)
        {
            page.Heading(2, "Notes");
            page.List(table.Notes);
        }

        page.Heading(2, "How it was measured");
        page.List(BenchWords.Method);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Missed(MarkdownPage page, BenchTable table)
    {
        if (BenchMissed.Of(table) is not { Count: > 0 } missed)
        {
            return;
        }

        page.Heading(2, BenchWords.MissedTitle);
        page.Paragraph(BenchWords.MissedIntroduction);
        page.Table(["", "measured", "target", "needed"], 1, [.. missed.Select(each => (IReadOnlyList<string>)
        [
            $"{each.Row.Figure.Subject}: {each.Row.Figure.Name}",
            BenchNumbers.Text(each.Row.Median, each.Row.Figure.Unit),
            BenchNumbers.Text(each.Row.Target!.Value, each.Row.Figure.Unit),
            each.Words,
        ])]);
    }

    private static void Grid(MarkdownPage page, BenchGrid grid)
    {
        string[] header = ["", .. grid.Columns, .. grid.HasTargets ? ["target", "of target"] : Array.Empty<string>()];
        page.Table(header, 1, [.. grid.Rows.Select(row => (IReadOnlyList<string>)
        [
            row.Load.Length > 0 ? $"{row.Subject}; {row.Load}" : row.Subject,
            .. row.Cells.Select(Cell),
            .. grid.HasTargets ? [row.Targets, row.Ratios] : Array.Empty<string>(),
        ])]);
    }

    private static string Cell(BenchRow? row) => row is null
        ? string.Empty
        : BenchNumbers.Spread(row) is { Length: > 0 } spread ? $"{BenchNumbers.Text(row.Median, row.Figure.Unit)} ({spread})" : BenchNumbers.Text(row.Median, row.Figure.Unit);
}
