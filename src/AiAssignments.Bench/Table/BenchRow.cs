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

    /// <summary>Answers or runs behind a round, the fewest of the rounds; <c>null</c>: it is no statistic of many.</summary>
    public long? Samples { get; init; }

    /// <summary>The load it was measured under by the one that was wished for, up to 1; <c>null</c>: nothing was wished for.</summary>
    public double? LoadShare { get; init; }

    /// <summary>What exactly was measured, where another table could mean something else by the same name: a dataset's content and its records. <c>null</c>: the id says all.</summary>
    public string? Basis { get; init; }

    /// <summary>Median of the rounds.</summary>
    public double Median => MedianOf(Rounds);

    /// <summary>Least of the rounds.</summary>
    public double Min => Rounds.Count == 0 ? 0 : Rounds.Min();

    /// <summary>Greatest of the rounds.</summary>
    public double Max => Rounds.Count == 0 ? 0 : Rounds.Max();

    /// <summary>Median by target; <c>null</c> without one.</summary>
    public double? Ratio => Target is { } target ? Median / target : null;

    /// <summary>
    /// Whether the median meets the target; <c>null</c> without one, and where it cannot be told: under a fraction of the load that the target is for, a time that is met is met
    /// too easily, and a number of users is as high as it could be. What misses its target under less load misses it.
    /// </summary>
    public bool? Met
    {
        get
        {
            if (Target is not { } target)
            {
                return null;
            }

            var partial = LoadShare < 1;
            return Figure.Better == BenchDirection.Higher
                ? Median >= target ? true : partial && Median > 0 ? null : false
                : Median > target ? false : partial ? null : true;
        }
    }

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
