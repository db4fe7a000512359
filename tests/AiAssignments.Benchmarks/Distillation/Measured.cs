using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>A model on records that nothing was decided by.</summary>
/// <param name="Right">Of each record, whether it was right.</param>
/// <param name="GraphPerSecond">Records a second of the graph's run time alone, best of three, one thread.</param>
/// <param name="AllPerSecond">Records a second with preprocessing.</param>
/// <param name="Bytes">Size of the graph.</param>
/// <param name="Parameters">Numbers in it.</param>
internal sealed record Measured(bool[] Right, double GraphPerSecond, double AllPerSecond, long Bytes, long Parameters)
{
    public double Accuracy => Right.Count(right => right) / (double)Right.Length;

    public static async Task<Measured> OfAsync(string folder, IReadOnlyList<DatasetRecord> records, Func<DatasetRecord, int> label)
    {
        var package = ModelFolder.Open(folder);
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.TokenizerFolder, spec) : null;
        using var scorer = ModelScorer.Create(package, tokenizer, ScorerOptions.Default with { Lanes = 1, Runtime = ScorerOptions.Default.Runtime with { IntraOpThreads = 1 } });
        IReadOnlyList<ScoredRecord> scored = [];
        var (graph, all) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 3; i++)
        {
            long ticks = 0;
            var start = Stopwatch.GetTimestamp();
            scored = await scorer.ScoreAsync(records, (_, elapsed) => Interlocked.Add(ref ticks, elapsed.Ticks), CancellationToken.None);
            all = Math.Min(all, Stopwatch.GetElapsedTime(start).TotalSeconds);
            graph = Math.Min(graph, TimeSpan.FromTicks(ticks).TotalSeconds);
        }

        return new Measured(
            [.. scored.Select(one => one.Prediction!.Best() == label(one.Record))], records.Count / graph, records.Count / all, package.SizeBytes, package.Parameters);
    }
}
