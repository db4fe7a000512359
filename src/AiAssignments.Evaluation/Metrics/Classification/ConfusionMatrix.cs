using System.Runtime.InteropServices;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>Counts by true and by predicted label; only cells that occur are kept, so a thousand labels cost no million cells a shard.</summary>
/// <param name="labels">Number of labels.</param>
internal sealed class ConfusionMatrix(int labels)
{
    private readonly Dictionary<long, long> cells = [];

    /// <summary>Number of labels.</summary>
    public int Labels => labels;

    /// <summary>Sum of all cells.</summary>
    public long Count { get; private set; }

    /// <summary>Adds to a cell.</summary>
    public void Add(int truth, int predicted, long count = 1)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(cells, ((long)truth * labels) + predicted, out _) += count;
        Count += count;
    }

    /// <summary>Cells that are not empty, in rising order.</summary>
    public IEnumerable<(int Truth, int Predicted, long Count)> Cells() => cells
        .OrderBy(cell => cell.Key)
        .Select(cell => ((int)(cell.Key / labels), (int)(cell.Key % labels), cell.Value));

    /// <summary>Row sums, column sums and the diagonal.</summary>
    public (long[] Support, long[] Predicted, long[] TruePositives) Margins()
    {
        var (support, predicted, right) = (new long[labels], new long[labels], new long[labels]);
        foreach (var (truth, guess, count) in Cells())
        {
            support[truth] += count;
            predicted[guess] += count;
            right[truth] += truth == guess ? count : 0;
        }

        return (support, predicted, right);
    }

    /// <summary>Row by row, empty cells included.</summary>
    public IReadOnlyList<IReadOnlyList<long>> ToRows()
    {
        var rows = new long[labels][];
        for (var i = 0; i < labels; i++)
        {
            rows[i] = new long[labels];
        }

        foreach (var (truth, predicted, count) in Cells())
        {
            rows[truth][predicted] = count;
        }

        return rows;
    }
}
