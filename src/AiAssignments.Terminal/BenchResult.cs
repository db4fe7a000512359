using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Reports;
using AiAssignments.Bench.Table;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>A performance table for a person at a console: medians and ratios; the rest is in its files.</summary>
public static class BenchResult
{
    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="comparison">With an earlier one; <c>null</c>: there is none.</param>
    public static void Write(IAnsiConsole console, BenchTable table, BenchComparison? comparison)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(table);
        var writer = console.Profile.Out.Writer;
        writer.WriteLine(SafeText.Of(BenchWords.Reading(table), 400));
        writer.WriteLine(SafeText.Of(BenchWords.Machine(table), 400));
        foreach (var grid in BenchGrid.Of(table))
        {
            writer.WriteLine();
            Grid(console, grid);
        }

        foreach (var note in table.Notes)
        {
            writer.WriteLine($"note: {SafeText.Of(note, 400)}");
        }

        writer.WriteLine(BenchWords.Targets(table));
        if (comparison is not null)
        {
            Compared(writer, comparison);
        }
    }

    private static void Grid(IAnsiConsole console, BenchGrid grid)
    {
        string[] header = ["", .. grid.Columns, .. grid.HasTargets ? ["target", "of target"] : Array.Empty<string>()];
        var rows = grid.Rows.Select(row => (string[])
        [
            SafeText.Of(row.Subject, 80),
            .. row.Cells.Select(cell => cell is null ? string.Empty : BenchNumbers.Text(cell.Median, cell.Figure.Unit)),
            .. grid.HasTargets ? [row.Targets, row.Ratios] : Array.Empty<string>(),
        ]).ToList();
        if (!console.Profile.Out.IsTerminal)
        {
            var writer = console.Profile.Out.Writer;
            writer.WriteLine(grid.Section.Title());
            foreach (var row in rows)
            {
                writer.WriteLine($"  {row[0]}: {string.Join(", ", row.Skip(1).Zip(header.Skip(1)).Where(cell => cell.First.Length > 0).Select(cell => $"{cell.Second} {cell.First}"))}");
            }

            return;
        }

        var table = new Spectre.Console.Table().Border(TableBorder.Rounded).Title(new TableTitle(Markup.Escape(grid.Section.Title())));
        foreach (var (name, at) in header.Select((name, at) => (name, at)))
        {
            var column = new TableColumn(new Text(name));
            table.AddColumn(at == 0 ? column : column.RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    private static void Compared(TextWriter writer, BenchComparison comparison)
    {
        foreach (var difference in comparison.Unequal)
        {
            writer.WriteLine($"note: {SafeText.Of(difference, 400)}");
        }

        foreach (var change in comparison.Improvements)
        {
            writer.WriteLine($"better: {SafeText.Of(BenchWords.Change(change), 400)}");
        }

        foreach (var row in comparison.Missing)
        {
            writer.WriteLine($"MISSING: {SafeText.Of(BenchWords.Missing(row), 400)}");
        }

        foreach (var change in comparison.Regressions)
        {
            writer.WriteLine($"WORSE:  {SafeText.Of(BenchWords.Change(change), 400)}");
        }

        writer.WriteLine(BenchWords.Verdict(comparison));
    }
}
