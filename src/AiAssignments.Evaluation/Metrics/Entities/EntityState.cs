namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>What an <see cref="EntityAccumulator"/> holds, as kept in a shard's result. Equal contents give equal JSON.</summary>
public sealed record EntityState
{
    /// <summary>Tags with the prefix <c>E</c> or <c>S</c> in the gold tags.</summary>
    public required long EndTags { get; init; }

    /// <summary>Gold tags that break IOB2.</summary>
    public required long AgainstIob2 { get; init; }

    /// <summary>Gold tags that break IOB1.</summary>
    public required long AgainstIob1 { get; init; }

    /// <summary>Words by gold and predicted tag, as they stand.</summary>
    public required TagConfusionState RawTags { get; init; }

    /// <summary>Words by gold and predicted tag, both written as IOB2.</summary>
    public required TagConfusionState CommonTags { get; init; }

    /// <summary>Entities, once for each scheme the gold tags may be in.</summary>
    public required IReadOnlyList<EntityTallyState> Tallies { get; init; }
}

/// <summary>Words by gold and predicted tag.</summary>
/// <param name="Tags">Tags in ordinal order.</param>
/// <param name="Cells">Cells that are not empty, in rising order: gold tag, predicted tag, count, and so on.</param>
/// <param name="Sentences">Histogram of sentences in rising order: words, words right, count, and so on.</param>
public sealed record TagConfusionState(IReadOnlyList<string> Tags, IReadOnlyList<long> Cells, IReadOnlyList<long> Sentences);

/// <summary>Entities of the gold tags, read in one scheme, beside the predicted ones.</summary>
/// <param name="Scheme">Scheme of the gold tags.</param>
/// <param name="Types">Entity types in ordinal order.</param>
/// <param name="Collapsed">Whether there were too many distinct sentences to keep counts by type.</param>
/// <param name="TypeTotals">Gold, predicted and correct entities of each type.</param>
/// <param name="Sentences">Distinct sentences: type, gold, predicted, correct, and so on; sorted.</param>
/// <param name="Counts">How often each of <paramref name="Sentences"/> occurs.</param>
public sealed record EntityTallyState(
    string Scheme,
    IReadOnlyList<string> Types,
    bool Collapsed,
    IReadOnlyList<long> TypeTotals,
    IReadOnlyList<IReadOnlyList<int>> Sentences,
    IReadOnlyList<long> Counts);
