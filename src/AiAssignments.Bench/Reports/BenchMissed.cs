using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Reports;

/// <summary>A target that is missed, for a table of those: what a larger machine, or less load, would be needed for.</summary>
/// <param name="Row">The figure.</param>
/// <param name="Factor">How far it is away, above 1: how much faster, or how much more, it would have to be.</param>
public sealed record BenchMissed(BenchRow Row, double Factor)
{
    /// <summary>Those of a table, the farthest first.</summary>
    /// <param name="table">The table.</param>
    public static IReadOnlyList<BenchMissed> Of(BenchTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return [.. table.Rows.Where(row => row.Met == false).Select(row => new BenchMissed(row, FactorOf(row))).OrderByDescending(missed => missed.Factor).ThenBy(missed => missed.Row.Figure.Id, StringComparer.Ordinal)];
    }

    /// <summary>The factor in words: <c>3.4 times faster</c>, <c>22 times as much</c>.</summary>
    public string Words => !double.IsFinite(Factor) ? "nothing was reached" : Row.Figure.Better == BenchDirection.Lower ? $"{BenchNumbers.Ratio(Factor)} times faster" : $"{BenchNumbers.Ratio(Factor)} times as much";

    private static double FactorOf(BenchRow row) => (row.Figure.Better == BenchDirection.Lower ? row.Ratio : 1 / row.Ratio) ?? 0;
}
