using System.Diagnostics;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Benchmarks.Metrics;

/// <summary>
/// How long it takes to gather and to compute figures, and what drawing confusion rows gains over resampling records one by one (the
/// same distribution), measured in one run.
/// </summary>
public static class MetricsBenchmark
{
    private static readonly EvaluationOptions Options = new();

    /// <summary>Runs it.</summary>
    /// <param name="args">None.</param>
    /// <returns>Exit code.</returns>
    public static int Run(string[] args)
    {
        Console.WriteLine("| what | labels | records | add, records/s | merge 2,000-record shards, records/s | compute, ms | bytes a shard |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (classes, count) in new[] { (2, 1_000_000), (10, 200_000), (100, 50_000), (1000, 20_000) })
        {
            Classification(classes, count);
        }

        Entities(100_000);
        Bootstrap();
        return 0;
    }

    private static void Classification(int classes, int count)
    {
        var random = new Xoshiro256(1);
        var rows = new (int Gold, float[] Probabilities)[Math.Min(count, 20_000)];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row(random, classes);
        }

        var labels = Enumerable.Range(0, classes).Select(i => $"{i}").ToArray();
        var watch = Stopwatch.StartNew();
        var shards = new List<ClassificationAccumulator>();
        for (var start = 0; start < count; start += 2000)
        {
            var shard = new ClassificationAccumulator(classes, Options);
            for (var i = start; i < start + 2000; i++)
            {
                var row = rows[i % rows.Length];
                shard.Add(row.Gold, row.Probabilities);
            }

            shards.Add(shard);
        }

        var add = count / watch.Elapsed.TotalSeconds;
        watch.Restart();
        var merged = new ClassificationAccumulator(classes, Options);
        shards.ForEach(merged.Merge);
        var merge = count / watch.Elapsed.TotalSeconds;
        watch.Restart();
        ClassificationMetrics metrics = merged.Compute(labels, Options);
        var size = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(shards[0].ToState()).Length;
        Console.WriteLine(FormattableString.Invariant($"| classification | {classes} | {metrics.Count:N0} | {add:N0} | {merge:N0} | {watch.Elapsed.TotalMilliseconds:N0} | {size:N0} |"));
    }

    private static void Entities(int count)
    {
        var random = new Xoshiro256(2);
        string[] tags = ["O", "O", "O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG"];
        var watch = new Stopwatch();
        var shards = new List<EntityAccumulator>();
        for (var start = 0; start < count; start += 2000)
        {
            var shard = new EntityAccumulator(TagScheme.Iob2, Options);
            for (var i = 0; i < 2000; i++)
            {
                var gold = Enumerable.Range(0, 15).Select(_ => tags[random.Next() % 9]).ToArray();
                var predicted = gold.Select(tag => random.Next() % 10 == 0 ? tags[random.Next() % 9] : tag).ToArray();
                watch.Start();
                shard.AddSentence(gold, predicted);
                watch.Stop();
            }

            shards.Add(shard);
        }

        var add = count / watch.Elapsed.TotalSeconds;
        watch.Restart();
        var merged = new EntityAccumulator(TagScheme.Iob2, Options);
        shards.ForEach(merged.Merge);
        var merge = count / watch.Elapsed.TotalSeconds;
        watch.Restart();
        var metrics = merged.Compute(Options);
        var size = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(shards[0].ToState()).Length;
        Console.WriteLine(FormattableString.Invariant($"| sentences of 15 words | {metrics.Types.Count} types | {metrics.Sentences:N0} | {add:N0} | {merge:N0} | {watch.Elapsed.TotalMilliseconds:N0} | {size:N0} |"));
    }

    private static void Bootstrap()
    {
        const int Records = 100_000;
        const int Samples = 200;
        var random = new Xoshiro256(3);
        var matrix = new ConfusionMatrix(4);
        var rows = new (int Truth, int Predicted)[Records];
        for (var i = 0; i < Records; i++)
        {
            var truth = i % 4;
            rows[i] = (truth, random.Next() % 10 == 0 ? (int)(random.Next() % 4) : truth);
            matrix.Add(rows[i].Truth, rows[i].Predicted);
        }

        var byClass = rows.GroupBy(row => row.Truth).Select(group => group.Select(row => row.Predicted).ToArray()).ToArray();
        var counts = new long[16];
        var watch = Stopwatch.StartNew();
        for (var sample = 0; sample < Samples; sample++)
        {
            for (var truth = 0; truth < byClass.Length; truth++)
            {
                var predictions = byClass[truth];
                for (var i = 0; i < predictions.Length; i++)
                {
                    counts[(truth * 4) + predictions[random.Next() % (ulong)predictions.Length]]++;
                }
            }
        }

        var naive = watch.Elapsed.TotalSeconds / Samples;
        watch.Restart();
        ClassificationBootstrap.Run(matrix, Options with { BootstrapSamples = Samples });
        var drawn = watch.Elapsed.TotalSeconds / Samples;
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"One bootstrap resample of {Records:N0} records: {naive * 1e6:N0} µs record by record, {drawn * 1e6:N1} µs by rows: {naive / drawn:N0} times as fast."));
    }

    private static (int Gold, float[] Probabilities) Row(Xoshiro256 random, int classes)
    {
        var gold = (int)(random.Next() % (ulong)classes);
        var weights = new float[classes];
        for (var i = 0; i < classes; i++)
        {
            weights[i] = MathF.Exp((4 * (random.Next() >> 40) / (float)(1 << 24)) + (i == gold ? 3 : 0));
        }

        var sum = weights.Sum();
        return (gold, [.. weights.Select(weight => weight / sum)]);
    }
}
