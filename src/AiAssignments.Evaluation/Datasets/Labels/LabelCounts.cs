namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>The label spellings that occur in data.</summary>
/// <param name="Counts">How often each spelling occurs, as it stands in the data.</param>
/// <param name="Complete">All records were seen, not only the first ones.</param>
/// <param name="Unlabelled">Records without a label.</param>
public sealed record LabelCounts(IReadOnlyDictionary<string, long> Counts, bool Complete, long Unlabelled = 0)
{
    /// <summary>Labels in all.</summary>
    public long Total => Counts.Values.Sum();

    /// <summary>Counts of another part of the same data added.</summary>
    /// <param name="other">Counts of the other part.</param>
    /// <param name="complete">Together they are all records.</param>
    public LabelCounts Merge(LabelCounts other, bool complete)
    {
        var sum = new Dictionary<string, long>(Counts);
        foreach (var (label, count) in other.Counts)
        {
            sum[label] = sum.GetValueOrDefault(label) + count;
        }

        return new LabelCounts(sum, complete, Unlabelled + other.Unlabelled);
    }
}
