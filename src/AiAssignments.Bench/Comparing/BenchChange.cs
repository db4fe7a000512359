using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Comparing;

/// <summary>A figure that two tables have.</summary>
/// <param name="Before">In the earlier table.</param>
/// <param name="After">In the later one.</param>
/// <param name="Verdict">What the rule says.</param>
public sealed record BenchChange(BenchRow Before, BenchRow After, BenchVerdict Verdict)
{
    /// <summary>Change of the median as a share of the earlier one: 0.1 is a tenth more; <c>null</c> where that was 0.</summary>
    public double? Share => Before.Median > 0 ? (After.Median / Before.Median) - 1 : null;
}
