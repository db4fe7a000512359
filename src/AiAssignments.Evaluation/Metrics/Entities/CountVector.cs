namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Compares and orders vectors of counts by content.</summary>
internal sealed class CountVector : IEqualityComparer<int[]>, IComparer<int[]>
{
    /// <summary>The one instance.</summary>
    public static CountVector Comparer { get; } = new();

    /// <inheritdoc />
    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc />
    public int GetHashCode(int[] obj)
    {
        var hash = default(HashCode);
        foreach (var value in obj)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public int Compare(int[]? x, int[]? y) => x.AsSpan().SequenceCompareTo(y);
}
