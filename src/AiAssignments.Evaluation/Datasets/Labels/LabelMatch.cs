namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>How the labels of a dataset stand for those of a model. Serializable: a shard resolves with it what another step decided.</summary>
public sealed record LabelMatch
{
    /// <summary><c>name</c>, <c>index</c>, <c>1-based index</c>, <c>map</c> or <c>declared names</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>Labels of the model.</summary>
    public required int LabelCount { get; init; }

    /// <summary>Label index by spelling: trimmed, and, behind a <c>~</c>, in lower case where no two labels share that.</summary>
    public IReadOnlyDictionary<string, int> Names { get; init; } = new Dictionary<string, int>();

    /// <summary>For indices: the first one, 0 or 1; <c>null</c> when numbers are not indices.</summary>
    public int? FirstIndex { get; init; }

    /// <summary>The model's label of a spelling.</summary>
    /// <param name="raw">A label as the data spells it.</param>
    /// <returns>0..<see cref="LabelCount"/>-1; -1 when it is none of the model's (a bad record).</returns>
    public int Resolve(string raw)
    {
        if (Names.TryGetValue(raw.Trim(), out var index) || Names.TryGetValue(LabelText.Key(raw), out index))
        {
            return index;
        }

        return FirstIndex is { } first && LabelText.TryIndex(raw, out var number) && number >= first && number - first < LabelCount
            ? number - first
            : -1;
    }
}
