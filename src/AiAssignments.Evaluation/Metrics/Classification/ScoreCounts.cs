using System.Runtime.InteropServices;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>
/// Counts of one label's scores, for the area under its ROC curve without keeping rows. Each distinct float32 is counted on its own up to a
/// limit; past it all scores fall into bins. Whether the limit is passed depends on the set of scores alone and a score's bin on nothing
/// else, so the outcome does not depend on the order of additions and merges.
/// </summary>
internal sealed class ScoreCounts
{
    private readonly int limit;
    private readonly ScoreKeys keys;
    private Dictionary<uint, Tally> counts = [];

    /// <summary>Starts empty.</summary>
    /// <param name="labels">Number of labels that share the memory, 1 or more.</param>
    public ScoreCounts(int labels)
    {
        limit = LimitFor(labels);
        keys = new ScoreKeys(labels <= 128 ? 6 : labels <= 1024 ? 4 : 2);
    }

    /// <summary>Whether the scores are binned, so that the area is bounded and not exact.</summary>
    public bool Binned { get; private set; }

    /// <summary>Distinct scores kept for a label: 2^20 over all labels, at least 256 and at most 2^18 each.</summary>
    public static int LimitFor(int labels) => Math.Clamp((1 << 20) / labels, 256, 1 << 18);

    /// <summary>Counts a score.</summary>
    /// <param name="probability">Probability, 0..1.</param>
    /// <param name="positive">Whether the label is the true one.</param>
    public void Add(float probability, bool positive)
    {
        var key = ScoreKeys.Exact(probability);
        Add(Binned ? keys.Bin(key) : key, positive ? new Tally(1, 0) : new Tally(0, 1));
    }

    /// <summary>Adds another label's counts made with the same number of labels.</summary>
    public void Merge(ScoreCounts other)
    {
        if (other.Binned && !Binned)
        {
            ToBins();
        }

        foreach (var (key, tally) in other.counts)
        {
            Add(Binned && !other.Binned ? keys.Bin(key) : key, tally);
        }
    }

    /// <summary>
    /// Area under the ROC curve (Mann and Whitney's U over the pairs, ties counted half), and how far it can be from the exact one:
    /// each pair in one bin counts half, where it may count 0 or 1.
    /// </summary>
    /// <returns>No area when a side is empty.</returns>
    public (double? Area, double Error) Area()
    {
        Int128 positives = 0;
        Int128 negatives = 0;
        Int128 wins = 0;
        Int128 ties = 0;
        foreach (var (_, tally) in Sorted())
        {
            wins += tally.Positives * negatives;
            ties += (Int128)tally.Positives * tally.Negatives;
            positives += tally.Positives;
            negatives += tally.Negatives;
        }

        var pairs = positives * negatives;
        return pairs == 0 ? (null, 0) : ((double)((2 * wins) + ties) / (double)(2 * pairs), Binned ? (double)ties / (double)(2 * pairs) : 0);
    }

    /// <summary>For a shard's result.</summary>
    public ScoreCountsState ToState()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var last = 0u;
        foreach (var (key, tally) in Sorted())
        {
            writer.Write7BitEncodedInt64(key - last);
            writer.Write7BitEncodedInt64(tally.Positives);
            writer.Write7BitEncodedInt64(tally.Negatives);
            last = key;
        }

        writer.Flush();
        return new ScoreCountsState(Binned, stream.ToArray());
    }

    /// <summary>From a shard's result.</summary>
    public static ScoreCounts FromState(ScoreCountsState state, int labels)
    {
        var result = new ScoreCounts(labels) { Binned = state.Binned };
        using var reader = new BinaryReader(new MemoryStream(state.Counts, writable: false));
        var key = 0L;
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            key += reader.Read7BitEncodedInt64();
            result.Add(checked((uint)key), new Tally(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64()));
        }

        return result;
    }

    private void Add(uint key, Tally tally)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        slot = new Tally(slot.Positives + tally.Positives, slot.Negatives + tally.Negatives);
        if (!Binned && counts.Count > limit)
        {
            ToBins();
        }
    }

    private void ToBins()
    {
        var exact = counts;
        counts = [];
        Binned = true;
        foreach (var (key, tally) in exact)
        {
            Add(keys.Bin(key), tally);
        }
    }

    private IEnumerable<KeyValuePair<uint, Tally>> Sorted() => counts.OrderBy(pair => pair.Key);

    private readonly record struct Tally(long Positives, long Negatives);
}
