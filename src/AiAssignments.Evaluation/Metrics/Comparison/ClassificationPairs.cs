using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>Pairs of predicted labels: counts by true label, label of A and label of B, from which both models are resampled together.</summary>
internal sealed class ClassificationPairs : IPairs
{
    private readonly NameIndex labels = new();
    private readonly Dictionary<(int Truth, int A, int B), long> counts = [];

    /// <inheritdoc />
    public PairOutcomes Outcomes { get; } = new();

    /// <inheritdoc />
    public bool Add(PredictionRow a, PredictionRow b)
    {
        if (a.Truth is null || b.Truth is null)
        {
            return false;
        }

        if (a.Truth != b.Truth)
        {
            throw new ProblemException("comparison-labels-differ", $"The true label of record {a.Record} is '{Excerpt(a.Truth)}' in A and '{Excerpt(b.Truth)}' in B; only evaluations on the same labels can be compared.", a.Where);
        }

        var key = (labels.Of(a.Truth), labels.Of(a.Predicted), labels.Of(b.Predicted));
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
        Outcomes.Add(a.Truth == a.Predicted, b.Truth == b.Predicted);
        return true;
    }

    /// <inheritdoc />
    public IReadOnlyList<PairedDifference> Differences(EvaluationOptions options) =>
        [Outcomes.Difference("accuracy", options.Confidence), MacroF1(options)];

    private PairedDifference MacroF1(EvaluationOptions options)
    {
        // Order by name, so that the resamples do not depend on which label came first.
        var (_, places) = labels.Sorted();
        var strata = counts
            .Select(pair => (Truth: places[pair.Key.Truth], A: places[pair.Key.A], B: places[pair.Key.B], Count: pair.Value))
            .Order()
            .GroupBy(cell => cell.Truth)
            .Select(stratum => stratum.ToArray())
            .ToList();
        var samplers = strata.Select(cells => new MultinomialSampler([.. cells.Select(cell => cell.Count)])).ToList();
        var drawn = strata.Select(cells => cells.Select(cell => cell.Count).ToArray()).ToList();
        var (a, b) = Scores(strata, drawn);
        var random = new Xoshiro256(options.Seed);
        var bootstrap = new BootstrapSample(options.BootstrapSamples);
        for (var sample = 0; sample < options.BootstrapSamples && a is not null; sample++)
        {
            for (var i = 0; i < samplers.Count; i++)
            {
                samplers[i].Draw(random, drawn[i]);
            }

            var (resampledA, resampledB) = Scores(strata, drawn);
            bootstrap.Add(resampledB - resampledA);
        }

        return new PairedDifference(
            "macro F1",
            a,
            b,
            bootstrap.Estimate(b - a, options.Confidence, ClassificationBootstrap.Method),
            a is null ? null : bootstrap.PValueOfZero(),
            "paired-bootstrap");
    }

    private (double? A, double? B) Scores(List<(int Truth, int A, int B, long Count)[]> strata, List<long[]> drawn)
    {
        var n = labels.Count;
        var (support, predictedA, predictedB, rightA, rightB) = (new long[n], new long[n], new long[n], new long[n], new long[n]);
        for (var i = 0; i < strata.Count; i++)
        {
            for (var j = 0; j < strata[i].Length; j++)
            {
                var (truth, a, b, _) = strata[i][j];
                var count = drawn[i][j];
                support[truth] += count;
                predictedA[a] += count;
                predictedB[b] += count;
                rightA[truth] += a == truth ? count : 0;
                rightB[truth] += b == truth ? count : 0;
            }
        }

        return (new ClassCounts(support, predictedA, rightA).Macro().F1, new ClassCounts(support, predictedB, rightB).Macro().F1);
    }

    private static string Excerpt(string label) => Shards.Excerpts.Cut(label, 100);
}
