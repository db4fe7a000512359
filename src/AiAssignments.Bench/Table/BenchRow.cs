namespace AiAssignments.Bench.Table;

/// <summary>A figure with what the rounds measured.</summary>
public sealed record BenchRow
{
    /// <summary>What it is.</summary>
    public required BenchFigure Figure { get; init; }

    /// <summary>What each round measured, in their order; one or more finite numbers.</summary>
    public required IReadOnlyList<double> Rounds { get; init; }

    /// <summary>What is wished for: at most this, or at least this, by the figure's direction; <c>null</c>: nothing.</summary>
    public double? Target { get; init; }

    /// <summary>Under which load it was measured; <c>null</c> where that is no question.</summary>
    public string? Load { get; init; }

    /// <summary>Median of the rounds.</summary>
    public double Median => MedianOf(Rounds);

    /// <summary>Least of the rounds.</summary>
    public double Min => Rounds.Count == 0 ? 0 : Rounds.Min();

    /// <summary>Greatest of the rounds.</summary>
    public double Max => Rounds.Count == 0 ? 0 : Rounds.Max();

    /// <summary>Median by target; <c>null</c> without one.</summary>
    public double? Ratio => Target is { } target ? Median / target : null;

    /// <summary>Whether the median meets the target; <c>null</c> without one.</summary>
    public bool? Met => Target is not { } target ? null : Figure.Better == BenchDirection.Higher ? Median >= target : Median <= target;

    private static double MedianOf(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
