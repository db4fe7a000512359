using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Results;
using AiAssignments.Tests.Metrics.Golden;

namespace AiAssignments.Tests.Metrics.Classification;

public sealed class ClassificationGoldenTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 100 };

    [Fact]
    public void Figures_agree_with_scikit_learn()
    {
        var cases = GoldenFile.Cases("classification.json");
        Assert.Equal(24, cases.Count);
        foreach (var item in cases)
        {
            Check(item);
        }
    }

    private static void Check(JsonElement item)
    {
        var name = item.GetProperty("name").GetString()!;
        var classes = item.GetProperty("classes").GetInt32();
        var accumulator = new ClassificationAccumulator(classes, Options);
        foreach (var (gold, row) in item.GetProperty("gold").EnumerateArray().Zip(item.GetProperty("probabilities").EnumerateArray()))
        {
            accumulator.Add(gold.GetInt32(), [.. row.EnumerateArray().Select(p => p.GetSingle())]);
        }

        var found = accumulator.Compute([.. Enumerable.Range(0, classes).Select(i => $"c{i}")], Options);
        Assert.Equal(item.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(n => n.GetInt64())), found.Confusion.Select(row => row.AsEnumerable()));
        Same("accuracy", found.Accuracy.Value);
        Same("balancedAccuracy", found.BalancedAccuracy.Value);
        Same("mcc", found.Mcc.Value ?? 0);
        Same("logLoss", found.LogLoss);
        Same("brier", found.Brier);
        Same("ece", found.ExpectedCalibrationError);
        Assert.Equal(item.GetProperty("logLossFloat32").GetDouble(), found.LogLoss!.Value, 1e-5);
        if (item.GetProperty("kappa").ValueKind == JsonValueKind.Null)
        {
            Assert.Null(found.CohenKappa.Value);
        }
        else
        {
            Same("kappa", found.CohenKappa.Value);
        }

        foreach (var average in found.Averages)
        {
            var expected = item.GetProperty(average.Average).Numbers();
            GoldenFile.Equal(expected[0], average.Precision.Value, $"{name}: {average.Average} precision");
            GoldenFile.Equal(expected[1], average.Recall.Value, $"{name}: {average.Average} recall");
            GoldenFile.Equal(expected[2], average.F1.Value, $"{name}: {average.Average} F1");
        }

        for (var i = 0; i < classes; i++)
        {
            CheckClass(item, found.Classes[i], i, name);
        }

        void Same(string metric, double? value) => GoldenFile.Equal(item.GetProperty(metric).GetDouble(), value, $"{name}: {metric}");
    }

    private static void CheckClass(JsonElement item, ClassMetrics found, int index, string name)
    {
        var expected = item.GetProperty("perClass");
        Assert.Equal(item.GetProperty("support")[index].GetInt64(), found.Support);
        Assert.Equal(found.Predicted == 0, found.Precision.Value is null);
        Assert.Equal(found.Support == 0, found.Recall.Value is null);
        Assert.Equal(found.Support + found.Predicted == 0, found.F1.Value is null);
        GoldenFile.Equal(expected[0][index].GetDouble(), found.Precision.Value ?? 0, $"{name}: precision of {index}");
        GoldenFile.Equal(expected[1][index].GetDouble(), found.Recall.Value ?? 0, $"{name}: recall of {index}");
        GoldenFile.Equal(expected[2][index].GetDouble(), found.F1.Value ?? 0, $"{name}: F1 of {index}");
        var area = item.GetProperty("rocAuc")[index];
        if (area.ValueKind == JsonValueKind.Null)
        {
            Assert.Null(found.RocAuc);
        }
        else
        {
            GoldenFile.Equal(area.GetDouble(), found.RocAuc, $"{name}: ROC AUC of {index}");
        }
    }
}
