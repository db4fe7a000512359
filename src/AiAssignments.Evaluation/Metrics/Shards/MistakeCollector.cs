using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>Keeps the most confident mistakes: by falling confidence, equal ones by rising record. Merging in any order keeps the same ones.</summary>
public sealed class MistakeCollector
{
    private static readonly Comparer<Mistake> Order = Comparer<Mistake>.Create((a, b) =>
        a.Confidence != b.Confidence ? b.Confidence.CompareTo(a.Confidence) : a.Record.CompareTo(b.Record));

    private readonly int most;
    private readonly SortedSet<Mistake> kept = new(Order);

    /// <summary>Starts empty.</summary>
    /// <param name="most">How many are kept, 0 or more.</param>
    public MistakeCollector(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        this.most = most;
    }

    /// <summary>The mistakes kept, most confident first.</summary>
    public IReadOnlyList<Mistake> Mistakes => [.. kept];

    /// <summary>Whether a mistake of this confidence would be kept: asked before a costly excerpt or thumbnail is made.</summary>
    /// <param name="confidence">Top probability.</param>
    /// <param name="record">Index of the record.</param>
    public bool Wants(double confidence, long record) =>
        most > 0 && (kept.Count < most || Order.Compare(new Mistake(record, string.Empty, string.Empty, string.Empty, string.Empty, confidence), kept.Max!) < 0);

    /// <summary>Adds a mistake; a record is added once.</summary>
    /// <param name="mistake">The mistake.</param>
    public void Add(Mistake mistake)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        if (Wants(mistake.Confidence, mistake.Record))
        {
            kept.Add(mistake);
            if (kept.Count > most)
            {
                kept.Remove(kept.Max!);
            }
        }
    }

    /// <summary>Adds what another has kept.</summary>
    /// <param name="mistakes">Mistakes of other records.</param>
    public void AddAll(IEnumerable<Mistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        foreach (var mistake in mistakes)
        {
            Add(mistake);
        }
    }
}
