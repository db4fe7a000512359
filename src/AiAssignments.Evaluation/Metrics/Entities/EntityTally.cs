using System.Runtime.InteropServices;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>
/// Entities by type, and a histogram of sentences by their counts, from which sentences are resampled. Past a number of distinct sentences,
/// only their sums over types are kept; whether that happens depends on the set of sentences alone, so the order of merging does not matter.
/// </summary>
/// <param name="scheme">Scheme the gold tags are read in.</param>
/// <param name="limit">Distinct sentences kept with their counts by type; the same for all that are merged.</param>
internal sealed class EntityTally(TagScheme scheme, int limit = EntityTally.MaximumDistinct)
{
    /// <summary>Distinct sentences kept with their counts by type, when nothing else is said.</summary>
    public const int MaximumDistinct = 1 << 16;

    private readonly NameIndex types = new();
    private readonly List<(long Gold, long Predicted, long Correct)> totals = [];
    private Dictionary<int[], long> sentences = new(CountVector.Comparer);

    /// <summary>Scheme the gold tags are read in.</summary>
    public TagScheme Scheme => scheme;

    /// <summary>Whether only sums over types are kept for each sentence.</summary>
    public bool Collapsed { get; private set; }

    /// <summary>Adds a sentence.</summary>
    public void Add(IReadOnlyList<Chunk> gold, IReadOnlyList<Chunk> predicted)
    {
        var vector = new List<int>();
        foreach (var (type, counts) in EntityMatch.ByType(gold, predicted))
        {
            AddTotals(types.Of(type), counts.Gold, counts.Predicted, counts.Correct);
            vector.AddRange([types.Of(type), counts.Gold, counts.Predicted, counts.Correct]);
        }

        AddSentence(Canonical([.. vector]), 1);
    }

    /// <summary>Adds another's counts.</summary>
    public void Merge(EntityTally other) => Add(other.ToState());

    /// <summary>Adds what a shard's result holds.</summary>
    public void Add(EntityTallyState state)
    {
        var numbers = state.Types.Select(types.Of).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            AddTotals(numbers[i], state.TypeTotals[3 * i], state.TypeTotals[(3 * i) + 1], state.TypeTotals[(3 * i) + 2]);
        }

        if (state.Collapsed && !Collapsed)
        {
            Collapse();
        }

        for (var i = 0; i < state.Sentences.Count; i++)
        {
            var vector = state.Sentences[i].ToArray();
            if (!state.Collapsed)
            {
                vector = Canonical(Renumbered(vector, numbers));
            }

            AddSentence(vector, state.Counts[i]);
        }
    }

    /// <summary>For a shard's result: types in ordinal order, sentences sorted.</summary>
    public EntityTallyState ToState()
    {
        var (names, places) = types.Sorted();
        var sorted = sentences
            .Select(pair => (Vector: Collapsed ? pair.Key : Canonical(Renumbered(pair.Key, places)), Count: pair.Value))
            .OrderBy(pair => pair.Vector, CountVector.Comparer)
            .ToList();
        var byPlace = new (long Gold, long Predicted, long Correct)[names.Count];
        for (var i = 0; i < places.Length; i++)
        {
            byPlace[places[i]] = totals[i];
        }

        return new EntityTallyState(
            scheme.Name,
            names,
            Collapsed,
            [.. byPlace.SelectMany(total => new[] { total.Gold, total.Predicted, total.Correct })],
            [.. sorted.Select(pair => pair.Vector)],
            [.. sorted.Select(pair => pair.Count)]);
    }

    private void AddTotals(int type, long gold, long predicted, long correct)
    {
        if (type == totals.Count)
        {
            totals.Add((0, 0, 0));
        }

        var total = totals[type];
        totals[type] = (total.Gold + gold, total.Predicted + predicted, total.Correct + correct);
    }

    private void AddSentence(int[] vector, long count)
    {
        if (Collapsed && vector.Length != 3)
        {
            vector = Sums(vector);
        }

        CollectionsMarshal.GetValueRefOrAddDefault(sentences, vector, out _) += count;
        if (!Collapsed && sentences.Count > limit)
        {
            Collapse();
        }
    }

    private void Collapse()
    {
        var full = sentences;
        sentences = new Dictionary<int[], long>(CountVector.Comparer);
        Collapsed = true;
        foreach (var (vector, count) in full)
        {
            AddSentence(Sums(vector), count);
        }
    }

    private static int[] Sums(int[] vector)
    {
        var sums = new int[3];
        for (var i = 0; i < vector.Length; i++)
        {
            if (i % 4 > 0)
            {
                sums[(i % 4) - 1] += vector[i];
            }
        }

        return sums;
    }

    private static int[] Renumbered(int[] vector, int[] numbers) =>
        [.. vector.Select((value, i) => i % 4 == 0 ? numbers[value] : value)];

    private static int[] Canonical(int[] vector) =>
        vector.Length <= 4 ? vector : [.. vector.Chunk(4).OrderBy(part => part[0]).SelectMany(part => part)];
}
