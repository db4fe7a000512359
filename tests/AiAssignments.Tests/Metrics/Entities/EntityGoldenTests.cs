using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Results;
using AiAssignments.Tests.Metrics.Golden;

namespace AiAssignments.Tests.Metrics.Entities;

public sealed class EntityGoldenTests
{
    [Fact]
    public void Entities_agree_with_conlleval_and_seqeval()
    {
        var cases = GoldenFile.Cases("entities.json");
        Assert.Equal(90, cases.Count);
        for (var i = 0; i < cases.Count; i++)
        {
            Check(cases[i], i);
        }
    }

    private static void Check(JsonElement item, int index)
    {
        var mode = item.GetProperty("mode").GetString()!;
        var gold = item.GetProperty("gold").GetString()!;
        var options = new EvaluationOptions { EntityMode = mode, TagScheme = gold, BootstrapSamples = 100 };
        var accumulator = new EntityAccumulator(TagScheme.Parse(item.GetProperty("predicted").GetString()!), options);
        foreach (var sentence in item.GetProperty("sentences").EnumerateArray())
        {
            accumulator.AddSentence(Tags(sentence[0]), Tags(sentence[1]));
        }

        var found = accumulator.Compute(options);
        var expected = item.GetProperty("expected");
        var name = $"case {index}, {mode}, {gold}";
        if (expected.TryGetProperty("totals", out var totals))
        {
            Assert.Equal(totals.Numbers(), new double[] { found.GoldEntities, found.PredictedEntities, found.CorrectEntities });
            return;
        }

        var types = expected.GetProperty("types").EnumerateObject().OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(types.Select(type => type.Name), found.Types.Select(type => type.Label));
        foreach (var (type, row) in types.Zip(found.Types))
        {
            Assert.Equal(type.Value.Numbers(), new double[] { row.Support, row.Predicted, row.TruePositives });
        }

        CheckAverages(expected, found, name);
        if (expected.TryGetProperty("tokenAccuracy", out var accuracy) && gold == found.PredictedScheme && accuracy.ValueKind == JsonValueKind.Number)
        {
            GoldenFile.Equal(accuracy.GetDouble(), found.TokenAccuracy.Value, $"{name}: token accuracy");
        }
    }

    private static void CheckAverages(JsonElement expected, EntityMetrics found, string name)
    {
        foreach (var average in found.Averages)
        {
            if (expected.TryGetProperty(average.Average, out var values))
            {
                var numbers = values.Numbers();
                GoldenFile.Equal(numbers[0], average.Precision.Value ?? 0, $"{name}: {average.Average} precision");
                GoldenFile.Equal(numbers[1], average.Recall.Value ?? 0, $"{name}: {average.Average} recall");
                GoldenFile.Equal(numbers[2], average.F1.Value ?? 0, $"{name}: {average.Average} F1");
            }
        }
    }

    private static string[] Tags(JsonElement element) => [.. element.EnumerateArray().Select(tag => tag.GetString()!)];
}
