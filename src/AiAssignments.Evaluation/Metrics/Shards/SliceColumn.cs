using System.Runtime.InteropServices;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>
/// Counts of one column's values. Past a number of distinct values nothing can be said of single ones, and only their sum is kept; whether
/// that happens depends on the set of values alone, so the order of merging does not matter.
/// </summary>
internal sealed class SliceColumn
{
    /// <summary>Most distinct values kept.</summary>
    public const int MaximumDistinct = 10_000;

    /// <summary>Longest value kept, in UTF-16 units; what is cut ends with an ellipsis.</summary>
    public const int MaximumLength = 100;

    /// <summary>Name under which what is not shown is gathered.</summary>
    public const string Other = "(other)";

    private readonly Dictionary<string, (long Count, long Right)> values = new(StringComparer.Ordinal);

    /// <summary>Whether there were too many distinct values.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Adds records of a value.</summary>
    public void Add(string value, long count, long right)
    {
        var key = Overflowed ? Other : Excerpts.Cut(value, MaximumLength);
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(values, key, out _);
        slot = (slot.Count + count, slot.Right + right);
        if (values.Count > MaximumDistinct)
        {
            Overflow();
        }
    }

    /// <summary>Adds what a shard's result holds.</summary>
    public void Add(SliceColumnState state)
    {
        if (state.Overflowed && !Overflowed)
        {
            Overflow();
        }

        for (var i = 0; i < state.Values.Count; i++)
        {
            Add(state.Values[i], state.Counts[i], state.Right[i]);
        }
    }

    /// <summary>For a shard's result.</summary>
    public SliceColumnState ToState()
    {
        var sorted = values.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        return new SliceColumnState(
            Overflowed,
            [.. sorted.Select(pair => pair.Key)],
            [.. sorted.Select(pair => pair.Value.Count)],
            [.. sorted.Select(pair => pair.Value.Right)]);
    }

    /// <summary>The most frequent values, then the rest together.</summary>
    /// <param name="most">Values shown on their own.</param>
    public IEnumerable<(string Value, long Count, long Right)> Top(int most)
    {
        var sorted = values.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var rest = sorted.Skip(most).ToList();
        var shown = sorted.Take(most).Select(pair => (pair.Key, pair.Value.Count, pair.Value.Right));
        return rest.Count == 0 ? shown : shown.Append((Other, rest.Sum(pair => pair.Value.Count), rest.Sum(pair => pair.Value.Right)));
    }

    private void Overflow()
    {
        var sum = (values.Values.Sum(value => value.Count), values.Values.Sum(value => value.Right));
        values.Clear();
        Overflowed = true;
        if (sum.Item1 > 0)
        {
            values.Add(Other, sum);
        }
    }
}
