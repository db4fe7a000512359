using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Pipeline.Optimizations.Cost;

/// <summary>
/// Speed of two models at batch 1, 8 and 16 from record to prediction, in turn, so that a busy moment of the machine meets both; each batch size gets a time to
/// run and not a count, so that small models are measured well and large ones end.
/// </summary>
/// <param name="records">Records that batches are made of.</param>
/// <param name="time">The clock.</param>
/// <param name="trim">Has models that nobody uses leave the memory.</param>
/// <param name="turn">How long a model runs before it is the other's turn.</param>
internal sealed class CostMeasurement(IReadOnlyList<DatasetRecord> records, TimeProvider time, Action trim, TimeSpan turn)
{
    /// <summary>Records that batches are made of.</summary>
    public const int Records = 64;

    private const int MostRuns = 100;
    private const int FewestRuns = 3;
    private const int WarmUps = 2;
    private const int Turns = 4;
    private static readonly int[] Batches = [1, 8, 16];

    /// <summary>How long a model runs before it is the other's turn, unless said otherwise.</summary>
    public static readonly TimeSpan UsualTurn = TimeSpan.FromSeconds(0.75);

    public async Task<(ModelCost A, ModelCost B)> CompareAsync(ModelPackage a, ModelPackage b, Action<int, int> onProgress, CancellationToken cancellationToken)
    {
        trim();
        var memory = (A: await MemoryAsync(a, cancellationToken).ConfigureAwait(false), B: await MemoryAsync(b, cancellationToken).ConfigureAwait(false));
        var (costsA, costsB) = (new List<BatchCost>(), new List<BatchCost>());
        foreach (var (batch, index) in Batches.Select((batch, index) => (batch, index)))
        {
            using var left = Open(a, batch);
            using var right = Open(b, batch);
            var (runsA, runsB) = (new List<double>(), new List<double>());
            await RunAsync(left, batch, WarmUps, TimeSpan.Zero, [], cancellationToken).ConfigureAwait(false);
            await RunAsync(right, batch, WarmUps, TimeSpan.Zero, [], cancellationToken).ConfigureAwait(false);
            for (var round = 0; round < Turns; round++)
            {
                onProgress((index * Turns) + round, Batches.Length * Turns);
                await RunAsync(left, batch, FewestRuns, turn, runsA, cancellationToken).ConfigureAwait(false);
                await RunAsync(right, batch, FewestRuns, turn, runsB, cancellationToken).ConfigureAwait(false);
            }

            costsA.Add(CostOf(batch, runsA));
            costsB.Add(CostOf(batch, runsB));
        }

        return (
            new ModelCost(SizeOf(a), await CompressedSize.OfAsync(a, cancellationToken).ConfigureAwait(false), a.Parameters, memory.A, costsA),
            new ModelCost(SizeOf(b), await CompressedSize.OfAsync(b, cancellationToken).ConfigureAwait(false), b.Parameters, memory.B, costsB));
    }

    private static long SizeOf(ModelPackage package) => GraphFiles.Of(package).Sum(file => new FileInfo(file).Length);

    private static ModelScorer Open(ModelPackage package, int batch)
    {
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.TokenizerFolder, spec) : null;
        return ModelScorer.Create(package, tokenizer, new ScorerOptions { Lanes = 1, RowsPerBatch = batch, ImagesPerBatch = batch, TokensPerBatch = 1 << 20 });
    }

    // The records of a batch are the same for both models, turn by turn through all of them.
    private async Task RunAsync(ModelScorer scorer, int batch, int fewest, TimeSpan length, List<double> runs, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var run = 0; run < MostRuns && (run < fewest || time.GetElapsedTime(start) < length); run++)
        {
            var taken = new DatasetRecord[batch];
            for (var row = 0; row < batch; row++)
            {
                taken[row] = records[((run * batch) + row) % records.Count];
            }

            var begun = time.GetTimestamp();
            await scorer.ScoreAsync(taken, null, cancellationToken).ConfigureAwait(false);
            runs.Add(time.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    private static BatchCost CostOf(int batch, List<double> runs)
    {
        runs.Sort();
        return new BatchCost(batch, runs[runs.Count / 2], runs[(int)Math.Ceiling(runs.Count * 0.99) - 1], batch * runs.Count * 1000 / Math.Max(1e-6, runs.Sum()), runs.Count);
    }

    // What the process gains by loading and running it: its weights, and the arena of one batch. Rough where others work in the process, and unknown where the
    // same model is in memory with the same settings already, because it is shared then.
    private async Task<long?> MemoryAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        Collect();
        var before = Resident();
        using var scorer = Open(package, Batches[^1]);
        await RunAsync(scorer, Batches[^1], WarmUps, TimeSpan.Zero, [], cancellationToken).ConfigureAwait(false);
        Collect();
        var gained = Resident() - before;
        return gained > 0 ? gained : null;
    }

    // Pages that an earlier model has left free would be taken again, and not be counted.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeHeap.Trim();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
