using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Entities;

namespace AiAssignments.Tests.Metrics.Entities;

/// <summary>Seeded sentences with gold and predicted tags, broken ones among them.</summary>
internal static class RandomSentences
{
    public static List<(string[] Gold, string[] Predicted)> Make(ulong seed, int count, string prefixes = "IB", int types = 3)
    {
        var random = new Xoshiro256(seed);
        int Below(int n) => (int)(random.Next() % (ulong)n);
        string Tag() => Below(2) == 0 ? "O" : $"{prefixes[Below(prefixes.Length)]}-T{Below(types)}";
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var gold = Enumerable.Range(0, Below(9)).Select(_ => Tag()).ToArray();
                return (gold, gold.Select(tag => Below(4) == 0 ? Tag() : tag).ToArray());
            }),
        ];
    }

    public static EntityAccumulator Accumulate(IEnumerable<(string[] Gold, string[] Predicted)> sentences, TagScheme scheme, EvaluationOptions options)
    {
        var accumulator = new EntityAccumulator(scheme, options);
        foreach (var (gold, predicted) in sentences)
        {
            accumulator.AddSentence(gold, predicted);
        }

        return accumulator;
    }
}
