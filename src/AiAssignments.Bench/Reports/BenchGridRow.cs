using System.Globalization;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Reports;

/// <summary>What was measured of one subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Load">Under which load or loads, and of how many samples; empty: none is told.</param>
/// <param name="Cells">Its figures by column; <c>null</c>: it has none there.</param>
/// <param name="Aimed">Its figures in the columns that have targets.</param>
public sealed record BenchGridRow(string Subject, string Load, IReadOnlyList<BenchRow?> Cells, IReadOnlyList<BenchRow?> Aimed)
{
    private const string None = "–";

    /// <summary>Its targets, for example <c>5.00 ms / 15.0 ms / 25.0 ms</c>; empty without one.</summary>
    public string Targets => Any ? string.Join(" / ", Aimed.Select(cell => cell?.Target is { } target ? BenchNumbers.Text(target, cell.Figure.Unit) : None)) : string.Empty;

    /// <summary>Its medians by their targets; empty without one.</summary>
    public string Ratios => Any ? string.Join(" / ", Aimed.Select(cell => cell?.Ratio is { } ratio ? BenchNumbers.Ratio(ratio) : None)) : string.Empty;

    private bool Any => Aimed.Any(cell => cell?.Target is not null);

    internal static BenchGridRow Of(string subject, IReadOnlyList<BenchRow> rows, IReadOnlyList<string> columns, HashSet<string> aimed)
    {
        BenchRow? At(string column) => rows.FirstOrDefault(row => row.Figure.Name == column);
        var loads = rows.Select(row => row.Load).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (rows.Min(row => row.Samples) is { } samples)
        {
            loads.Add(string.Create(CultureInfo.InvariantCulture, $"{samples:N0} sample{(samples == 1 ? string.Empty : "s")} a round or more"));
        }

        return new BenchGridRow(subject, string.Join("; ", loads), [.. columns.Select(At)], [.. columns.Where(aimed.Contains).Select(At)]);
    }
}
