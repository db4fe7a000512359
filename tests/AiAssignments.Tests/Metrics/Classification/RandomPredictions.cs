using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;

namespace AiAssignments.Tests.Metrics.Classification;

/// <summary>Seeded predictions for tests.</summary>
internal static class RandomPredictions
{
    public static List<(int Gold, float[] Probabilities)> Make(ulong seed, int classes, int count, int steps = 0, double skill = 1.5)
    {
        var random = new Xoshiro256(seed);
        double Uniform() => (random.Next() >> 11) * (1.0 / (1UL << 53));
        var rows = new List<(int, float[])>();
        for (var i = 0; i < count; i++)
        {
            var gold = (int)(random.Next() % (ulong)classes);
            var weights = new double[classes];
            for (var j = 0; j < classes; j++)
            {
                weights[j] = Math.Exp((4 * Uniform()) + (j == gold ? skill : 0));
            }

            var sum = weights.Sum();
            rows.Add((gold, [.. weights.Select(w => (float)(steps == 0 ? w / sum : Math.Round(w / sum * steps) / steps))]));
        }

        return rows;
    }

    public static ClassificationAccumulator Accumulate(IEnumerable<(int Gold, float[] Probabilities)> rows, int classes, EvaluationOptions options)
    {
        var accumulator = new ClassificationAccumulator(classes, options);
        foreach (var (gold, probabilities) in rows)
        {
            accumulator.Add(gold, probabilities);
        }

        return accumulator;
    }

    public static string[] Labels(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"label {i}")];
}
