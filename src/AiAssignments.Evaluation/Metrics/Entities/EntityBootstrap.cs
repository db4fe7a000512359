using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Statistics;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>The bootstrap over sentences: entities of one sentence are not independent, so whole sentences are resampled.</summary>
internal sealed class EntityBootstrap
{
    /// <summary>Name in <see cref="Results.MetricEstimate.Method"/>.</summary>
    public const string Method = "bootstrap";

    private EntityBootstrap(int types, int samples)
    {
        Micro = new BootstrapTriple(samples);
        Macro = new BootstrapTriple(samples);
        Weighted = new BootstrapTriple(samples);
        Types = [.. Enumerable.Range(0, types).Select(_ => new BootstrapTriple(samples))];
    }

    /// <summary>Over all entities.</summary>
    public BootstrapTriple Micro { get; }

    /// <summary>Mean over types; empty when the tally is collapsed.</summary>
    public BootstrapTriple Macro { get; }

    /// <summary>Mean weighted by gold entities; empty when the tally is collapsed.</summary>
    public BootstrapTriple Weighted { get; }

    /// <summary>Of each type; empty when the tally is collapsed.</summary>
    public IReadOnlyList<BootstrapTriple> Types { get; }

    /// <summary>Runs it.</summary>
    public static EntityBootstrap Run(EntityTallyState tally, EvaluationOptions options)
    {
        // A collapsed tally counts all types as one.
        var types = tally.Collapsed ? 1 : tally.Types.Count;
        var vectors = tally.Sentences.Select(vector => tally.Collapsed ? [0, .. vector] : vector.ToArray()).ToArray();
        var result = new EntityBootstrap(tally.Types.Count, options.BootstrapSamples);
        var sampler = new MultinomialSampler([.. tally.Counts]);
        var random = new Xoshiro256(options.Seed);
        var drawn = new long[vectors.Length];
        var (gold, predicted, correct) = (new long[types], new long[types], new long[types]);
        for (var sample = 0; sample < options.BootstrapSamples; sample++)
        {
            sampler.Draw(random, drawn);
            Array.Clear(gold);
            Array.Clear(predicted);
            Array.Clear(correct);
            for (var i = 0; i < vectors.Length; i++)
            {
                Count(vectors[i], drawn[i], gold, predicted, correct);
            }

            result.Add(new ClassCounts(gold, predicted, correct), tally.Collapsed);
        }

        return result;
    }

    private void Add(ClassCounts counts, bool collapsed)
    {
        Micro.Add(counts.Micro());
        if (collapsed)
        {
            return;
        }

        Macro.Add(counts.Macro());
        Weighted.Add(counts.Weighted());
        for (var i = 0; i < Types.Count; i++)
        {
            Types[i].Add((counts.Precision(i), counts.Recall(i), counts.F1(i)));
        }
    }

    private static void Count(int[] vector, long times, long[] gold, long[] predicted, long[] correct)
    {
        if (times == 0)
        {
            return;
        }

        for (var i = 0; i < vector.Length; i += 4)
        {
            gold[vector[i]] += times * vector[i + 1];
            predicted[vector[i]] += times * vector[i + 2];
            correct[vector[i]] += times * vector[i + 3];
        }
    }
}
