using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Words by gold and predicted tag, and sentences by words and right words.</summary>
internal sealed class TagConfusion
{
    /// <summary>Most distinct tags.</summary>
    public const int MaximumTags = 1024;

    private readonly NameIndex tags = new();
    private readonly Dictionary<(int Gold, int Predicted), long> cells = [];
    private readonly Dictionary<(int Words, int Right), long> sentences = [];

    /// <summary>Adds a sentence.</summary>
    /// <returns>Words whose tag is right.</returns>
    public int Add(IReadOnlyList<string> gold, IReadOnlyList<string> predicted)
    {
        var right = 0;
        for (var i = 0; i < gold.Count; i++)
        {
            var cell = (Number(gold[i]), Number(predicted[i]));
            CollectionsMarshal.GetValueRefOrAddDefault(cells, cell, out _)++;
            right += cell.Item1 == cell.Item2 ? 1 : 0;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(sentences, (gold.Count, right), out _)++;
        return right;
    }

    /// <summary>Adds another's counts.</summary>
    public void Merge(TagConfusion other) => Add(other.ToState());

    /// <summary>Adds what a shard's result holds.</summary>
    public void Add(TagConfusionState state)
    {
        for (var i = 0; i < state.Cells.Count; i += 3)
        {
            var cell = (Number(state.Tags[(int)state.Cells[i]]), Number(state.Tags[(int)state.Cells[i + 1]]));
            CollectionsMarshal.GetValueRefOrAddDefault(cells, cell, out _) += state.Cells[i + 2];
        }

        for (var i = 0; i < state.Sentences.Count; i += 3)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(sentences, ((int)state.Sentences[i], (int)state.Sentences[i + 1]), out _) += state.Sentences[i + 2];
        }
    }

    /// <summary>For a shard's result.</summary>
    public TagConfusionState ToState()
    {
        var (names, places) = tags.Sorted();
        var sorted = cells.Select(cell => (Gold: places[cell.Key.Gold], Predicted: places[cell.Key.Predicted], Count: cell.Value)).Order();
        return new TagConfusionState(
            names,
            [.. sorted.SelectMany(cell => new[] { cell.Gold, cell.Predicted, cell.Count })],
            [.. sentences.OrderBy(pair => pair.Key).SelectMany(pair => new[] { pair.Key.Words, pair.Key.Right, pair.Value })]);
    }

    /// <summary>Words in all.</summary>
    public long Words => cells.Values.Sum();

    /// <summary>Share of right words, with an interval by resampling sentences: words of one sentence are not independent.</summary>
    public MetricEstimate Accuracy(EvaluationOptions options)
    {
        var words = Words;
        if (words == 0)
        {
            return new MetricEstimate(null);
        }

        var kinds = sentences.OrderBy(pair => pair.Key).ToList();
        var sampler = new MultinomialSampler([.. kinds.Select(pair => pair.Value)]);
        var random = new Xoshiro256(options.Seed);
        var drawn = new long[kinds.Count];
        var bootstrap = new BootstrapSample(options.BootstrapSamples);
        for (var sample = 0; sample < options.BootstrapSamples; sample++)
        {
            sampler.Draw(random, drawn);
            var (all, right) = (0L, 0L);
            for (var i = 0; i < drawn.Length; i++)
            {
                all += drawn[i] * kinds[i].Key.Words;
                right += drawn[i] * kinds[i].Key.Right;
            }

            bootstrap.Add(all == 0 ? null : (double)right / all);
        }

        var value = (double)cells.Where(cell => cell.Key.Gold == cell.Key.Predicted).Sum(cell => cell.Value) / words;
        return bootstrap.Estimate(value, options.Confidence, EntityBootstrap.Method);
    }

    /// <summary>The matrix, <c>O</c> first and the other tags in ordinal order.</summary>
    public (IReadOnlyList<string> Tags, IReadOnlyList<IReadOnlyList<long>> Rows) Matrix()
    {
        var (names, _) = tags.Sorted();
        var order = names.OrderBy(name => name == "O" ? 0 : 1).ToList();
        var place = order.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        var rows = order.Select(_ => new long[order.Count]).ToArray();
        foreach (var ((gold, predicted), count) in cells)
        {
            rows[place[tags[gold]]][place[tags[predicted]]] = count;
        }

        return (order, rows);
    }

    private int Number(string tag)
    {
        var number = tags.Of(tag);
        return tags.Count <= MaximumTags
            ? number
            : throw new ProblemException("too-many-tags", $"The sentences have more than {MaximumTags} different tags; is the tag column the right one?");
    }
}
