using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Reports;

/// <summary>One section of a table as it is shown: a row a subject, a column a figure.</summary>
/// <param name="Section">The section.</param>
/// <param name="Columns">Names of the figures.</param>
/// <param name="Rows">The subjects.</param>
public sealed record BenchGrid(BenchSection Section, IReadOnlyList<string> Columns, IReadOnlyList<BenchGridRow> Rows)
{
    // As one asks for them; what is not named here comes after them.
    private static readonly string[] Order = ["average", "p95", "p99", "requests/s", "users at once", "MB/s", "records/s", "inputs/s", "CPU", "memory", "storage I/O", "network I/O", "accuracy", "precision", "recall", "F1"];

    /// <summary>Whether any figure of it has a target.</summary>
    public bool HasTargets => Rows.Any(row => row.Cells.Any(cell => cell?.Target is not null));

    /// <summary>The sections of a table that have figures, in their order.</summary>
    /// <param name="table">The table.</param>
    public static IReadOnlyList<BenchGrid> Of(BenchTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return [.. table.Rows.GroupBy(row => row.Figure.Section).OrderBy(section => section.Key).Select(section =>
        {
            var columns = section.Select(row => row.Figure.Name).Distinct(StringComparer.Ordinal).OrderBy(name => Array.IndexOf(Order, name) is var at and >= 0 ? at : Order.Length).ToList();
            var aimed = columns.Where(name => section.Any(row => row.Figure.Name == name && row.Target is not null)).ToHashSet(StringComparer.Ordinal);
            return new BenchGrid(section.Key, columns, [.. section.GroupBy(row => row.Figure.Subject, StringComparer.Ordinal).Select(subject => BenchGridRow.Of(subject.Key, [.. subject], columns, aimed))]);
        })];
    }
}
