using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Results;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Classification;

public sealed class ClassificationPropertyTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 100, AbstainBelow = 0.5 };

    [Property(MaxTest = 60)]
    public bool Merging_shards_in_any_order_equals_scoring_at_once(byte seed, byte size, byte cut, bool coarse)
    {
        var classes = 2 + (seed % 4);
        var rows = RandomPredictions.Make(seed, classes, size, coarse ? 8 : 0);
        var shards = rows.Chunk(1 + (cut % 40)).Select(part => RoundTrip(RandomPredictions.Accumulate(part, classes, Options))).ToList();
        var order = Enumerable.Range(0, shards.Count).OrderBy(i => unchecked((i + 1) * (seed + 7919) % 104729)).ToList();
        var merged = new ClassificationAccumulator(classes, Options);
        foreach (var i in order)
        {
            merged.Merge(shards[i]);
        }

        // Grouped otherwise: the second half into the first.
        var pairs = new ClassificationAccumulator(classes, Options);
        foreach (var group in shards.Chunk(3).Reverse())
        {
            var inner = new ClassificationAccumulator(classes, Options);
            Array.ForEach(group, inner.Merge);
            pairs.Merge(inner);
        }

        var once = Json(RandomPredictions.Accumulate(rows, classes, Options));
        return Json(merged) == once && Json(pairs) == once && Same(merged, rows, classes);
    }

    [Property(MaxTest = 60)]
    public bool Micro_f1_is_accuracy_and_correlations_stay_in_bounds(byte seed, PositiveInt size)
    {
        var metrics = Metrics(RandomPredictions.Make(seed, 3, size.Get), 3);
        return metrics.Averages[0].F1.Value == metrics.Accuracy.Value
            && Math.Abs(metrics.Averages[2].Recall.Value!.Value - metrics.Accuracy.Value!.Value) < 1e-15
            && metrics.Mcc.Value is null or >= -1 - 1e-12 and <= 1 + 1e-12
            && metrics.CohenKappa.Value is null or >= -1 - 1e-12 and <= 1 + 1e-12
            && metrics.Calibration.Sum(bin => bin.Count) == metrics.Count
            && metrics.Scores!.Right.Sum() + metrics.Scores.Wrong.Sum() == metrics.Count;
    }

    [Property(MaxTest = 60)]
    public bool Renaming_labels_changes_nothing(byte seed, PositiveInt size)
    {
        int[] permutation = [2, 0, 3, 1];
        var rows = RandomPredictions.Make(seed, 4, size.Get);
        var renamed = rows.Select(row => (permutation[row.Gold], Enumerable.Range(0, 4).Select(i => row.Probabilities[Array.IndexOf(permutation, i)]).ToArray())).ToList();
        var (a, b) = (Metrics(rows, 4), Metrics(renamed, 4));
        return Near(a.Accuracy, b.Accuracy) && Near(a.BalancedAccuracy, b.BalancedAccuracy) && Near(a.Mcc, b.Mcc) && Near(a.CohenKappa, b.CohenKappa)
            && Near(a.Averages[1].F1, b.Averages[1].F1) && Near(a.Averages[2].F1, b.Averages[2].F1)
            && Math.Abs(a.LogLoss!.Value - b.LogLoss!.Value) < 1e-12 && Math.Abs(a.Brier!.Value - b.Brier!.Value) < 1e-12
            && a.RocAuc is { } area == b.RocAuc is { } other && (a.RocAuc is null || Math.Abs(a.RocAuc.Value - b.RocAuc!.Value) < 1e-12)
            && a.ExpectedCalibrationError == b.ExpectedCalibrationError;
    }

    [Property(MaxTest = 40)]
    public bool Intervals_hold_the_estimate_and_repeat_with_the_seed(byte seed, PositiveInt size)
    {
        var rows = RandomPredictions.Make(seed, 3, size.Get);
        var (a, b) = (Metrics(rows, 3), Metrics(rows, 3));
        MetricEstimate[] all = [a.Accuracy, a.BalancedAccuracy, a.Mcc, a.CohenKappa, .. a.Averages.SelectMany(x => new[] { x.Precision, x.Recall, x.F1 }), .. a.Classes.SelectMany(x => new[] { x.Precision, x.Recall, x.F1 })];
        return JsonSerializer.Serialize(a) == JsonSerializer.Serialize(b)
            && all.All(estimate => estimate.Value is null ? estimate.Lower is null : estimate.Lower <= estimate.Value && estimate.Value <= estimate.Upper);
    }

    private static ClassificationMetrics Metrics(List<(int Gold, float[] Probabilities)> rows, int classes) =>
        RandomPredictions.Accumulate(rows, classes, Options).Compute(RandomPredictions.Labels(classes), Options);

    private static bool Same(ClassificationAccumulator merged, List<(int Gold, float[] Probabilities)> rows, int classes) =>
        JsonSerializer.Serialize(merged.Compute(RandomPredictions.Labels(classes), Options)) == JsonSerializer.Serialize(Metrics(rows, classes));

    private static bool Near(MetricEstimate a, MetricEstimate b) =>
        a.Value is null ? b.Value is null : b.Value is not null && Math.Abs(a.Value.Value - b.Value.Value) < 1e-12;

    private static string Json(ClassificationAccumulator accumulator) => JsonSerializer.Serialize(accumulator.ToState());

    private static ClassificationAccumulator RoundTrip(ClassificationAccumulator accumulator) =>
        ClassificationAccumulator.FromState(JsonSerializer.Deserialize<ClassificationState>(Json(accumulator))!, Options);
}
