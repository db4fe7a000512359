using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>Pairs of tagged sentences: a histogram of the entities in each, from which both models are resampled together, sentence by sentence.</summary>
/// <param name="a">Entity figures of A: its schemes and mode.</param>
/// <param name="b">Those of B.</param>
internal sealed class EntityPairs(EntityMetrics a, EntityMetrics b) : IPairs
{
    private readonly Dictionary<int[], long> sentences = new(CountVector.Comparer);
    private readonly EntityMode mode = EntityMode.Parse(a.Mode);
    private readonly TagScheme gold = TagScheme.Parse(a.Scheme);
    private readonly TagScheme schemeA = TagScheme.Parse(a.PredictedScheme ?? a.Scheme);
    private readonly TagScheme schemeB = TagScheme.Parse(b.PredictedScheme ?? b.Scheme);

    /// <inheritdoc />
    public PairOutcomes Outcomes { get; } = new();

    /// <inheritdoc />
    public bool Add(PredictionRow a, PredictionRow b)
    {
        if (a.TrueTags is null || b.TrueTags is null)
        {
            return false;
        }

        if (!a.TrueTags.SequenceEqual(b.TrueTags, StringComparer.Ordinal))
        {
            throw new ProblemException("comparison-labels-differ", $"The gold tags of record {a.Record} are not the same in A and B; only evaluations on the same tags can be compared.", a.Where);
        }

        var wanted = mode.Read(a.TrueTags, gold);
        var (guessedA, correctA) = Match(wanted, a.PredictedTags ?? [], schemeA);
        var (guessedB, correctB) = Match(wanted, b.PredictedTags ?? [], schemeB);
        CollectionsMarshal.GetValueRefOrAddDefault(sentences, [wanted.Count, guessedA, correctA, guessedB, correctB], out _)++;
        Outcomes.Add(correctA == wanted.Count && correctA == guessedA, correctB == wanted.Count && correctB == guessedB);
        return true;
    }

    /// <inheritdoc />
    public IReadOnlyList<PairedDifference> Differences(EvaluationOptions options) =>
        [EntityF1(options), Outcomes.Difference("sentences without a wrong entity", options.Confidence)];

    private PairedDifference EntityF1(EvaluationOptions options)
    {
        var kinds = sentences.OrderBy(pair => pair.Key, CountVector.Comparer).ToList();
        var drawn = kinds.Select(pair => pair.Value).ToArray();
        var sampler = new MultinomialSampler(drawn);
        var (a, b) = Scores(kinds, drawn);
        var random = new Xoshiro256(options.Seed);
        var bootstrap = new BootstrapSample(options.BootstrapSamples);
        for (var sample = 0; sample < options.BootstrapSamples; sample++)
        {
            sampler.Draw(random, drawn);
            var (resampledA, resampledB) = Scores(kinds, drawn);
            bootstrap.Add(resampledB - resampledA);
        }

        return new PairedDifference(
            "entity F1",
            a,
            b,
            AtLeastAsWide(bootstrap.Estimate(b - a, options.Confidence, EntityBootstrap.Method), options.Confidence),
            a is null || b is null ? null : bootstrap.PValueOfZero(),
            "paired-bootstrap");
    }

    // Few sentences without a difference, or with the same one in all, give a bootstrap nothing to draw a width from. Wilson's interval of as many sentences that
    // all agree has one: to either side the interval reaches at least as far.
    private MetricEstimate AtLeastAsWide(MetricEstimate difference, double confidence)
    {
        if (difference is not { Value: { } value, Lower: { } lower, Upper: { } upper })
        {
            return difference;
        }

        var reach = 1 - WilsonInterval.Bounds(Outcomes.Count, Outcomes.Count, confidence).Lower;
        return difference with { Lower = Math.Max(-1, Math.Min(lower, value - reach)), Upper = Math.Min(1, Math.Max(upper, value + reach)) };
    }

    private static (double? A, double? B) Scores(List<KeyValuePair<int[], long>> kinds, long[] drawn)
    {
        Span<long> sums = stackalloc long[5];
        sums.Clear();
        for (var i = 0; i < kinds.Count; i++)
        {
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] += drawn[i] * kinds[i].Key[j];
            }
        }

        return (F1(sums[0], sums[1], sums[2]), F1(sums[0], sums[3], sums[4]));
    }

    private static double? F1(long gold, long guessed, long correct) => gold + guessed == 0 ? null : 2.0 * correct / (gold + guessed);

    private (int Guessed, int Correct) Match(IReadOnlyList<Chunk> wanted, IReadOnlyList<string> tags, TagScheme scheme)
    {
        var guessed = mode.Read(tags, scheme);
        return (guessed.Count, guessed.Count(wanted.Contains));
    }
}
