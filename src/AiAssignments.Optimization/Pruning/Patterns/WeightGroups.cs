namespace AiAssignments.Optimization.Pruning.Patterns;

/// <summary>Groups of M elements along one axis of a tensor, each line of that axis for itself; the last group of a line may be shorter.</summary>
internal sealed class WeightGroups
{
    private readonly int size;
    private readonly int groupSize;

    public WeightGroups(IReadOnlyList<long> dims, int axis, int groupSize)
    {
        this.groupSize = groupSize;
        size = (int)dims[axis];
        Stride = (int)dims.Skip(axis + 1).Aggregate(1L, (product, each) => product * each);
        Lines = dims.Aggregate(1L, (product, each) => product * each) / size;
    }

    /// <summary>Elements from one of a group to its next.</summary>
    public int Stride { get; }

    /// <summary>Lines of the axis.</summary>
    public long Lines { get; }

    /// <summary>Whole groups of a line.</summary>
    public long Whole => size / groupSize;

    /// <summary>Elements of the shorter group at the end of each line; 0 when there is none.</summary>
    public int Remainder => size % groupSize;

    /// <summary>The first element of each group, and how many it has.</summary>
    public IEnumerable<(int First, int Count)> All()
    {
        for (var line = 0L; line < Lines; line++)
        {
            var start = (int)((line / Stride * Stride * size) + (line % Stride));
            for (var at = 0; at < size; at += groupSize)
            {
                yield return (start + (at * Stride), Math.Min(groupSize, size - at));
            }
        }
    }
}
