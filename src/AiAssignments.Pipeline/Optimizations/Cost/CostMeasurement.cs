using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Pipeline.Optimizations.Cost;

/// <summary>
/// Speed of two models at batch 1, 8 and 16 from record to prediction, batch by batch in turn, so that a busy moment of the machine meets both and both get the
/// same records; each batch size gets a time to run and not a count, so that small models are measured well and large ones end.
/// </summary>
/// <param name="records">Records that batches are made of.</param>
/// <param name="time">The clock.</param>
/// <param name="trim">Has models that nobody uses leave the memory.</param>
/// <param name="turn">A model's share of a quarter of a batch size's time.</param>
internal sealed class CostMeasurement(IReadOnlyList<DatasetRecord> records, TimeProvider time, Action trim, TimeSpan turn)
{
    /// <summary>Records that batches are made of.</summary>
    public const int Records = 64;

    private const int MostRuns = 100;
    private const int FewestRuns = 3;
    private const int WarmUps = 2;
    private const int Turns = 4;
    private const int MostCopies = 8;
    private const long EnoughGained = 32L << 20;
    private static readonly int[] Batches = [1, 8, 16];

    /// <summary>A model's share of a quarter of a batch size's time, unless said otherwise.</summary>
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
            await WarmUpAsync(left, batch, cancellationToken).ConfigureAwait(false);
            await WarmUpAsync(right, batch, cancellationToken).ConfigureAwait(false);
            for (var round = 0; round < Turns; round++)
            {
                onProgress((index * Turns) + round, Batches.Length * Turns);
                var start = time.GetTimestamp();
                for (var run = 0; run < MostRuns && (run < FewestRuns || time.GetElapsedTime(start) < 2 * turn); run++)
                {
                    // Who is second finds the records in the cache; they take turns in that, too.
                    var taken = Batch(runsA.Count, batch);
                    var leftFirst = run % 2 == 0;
                    (leftFirst ? runsA : runsB).Add(await RunAsync(leftFirst ? left : right, taken, cancellationToken).ConfigureAwait(false));
                    (leftFirst ? runsB : runsA).Add(await RunAsync(leftFirst ? right : left, taken, cancellationToken).ConfigureAwait(false));
                }
            }

            costsA.Add(CostOf(batch, runsA));
            costsB.Add(CostOf(batch, runsB));
        }

        return (
            new ModelCost(SizeOf(a), await CompressedSize.OfAsync(a, cancellationToken).ConfigureAwait(false), a.Parameters, memory.A, costsA),
            new ModelCost(SizeOf(b), await CompressedSize.OfAsync(b, cancellationToken).ConfigureAwait(false), b.Parameters, memory.B, costsB));
    }

    private static long SizeOf(ModelPackage package) => GraphFiles.Of(package).Sum(file => new FileInfo(file).Length);

    // On a CPU the GPU's number says nothing; here it keeps copies of one model apart, which the process would share otherwise.
    private static ModelScorer Open(ModelPackage package, int batch, int copy = 0)
    {
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.TokenizerFolder, spec) : null;
        return ModelScorer.Create(package, tokenizer, new ScorerOptions { Runtime = RuntimeOptions.Default with { DeviceId = copy }, Lanes = 1, RowsPerBatch = batch, ImagesPerBatch = batch, TokensPerBatch = 1 << 20 });
    }

    // The same for both models, one after the other through all of them.
    private DatasetRecord[] Batch(int ordinal, int batch) => [.. Enumerable.Range(0, batch).Select(row => records[(int)((((long)ordinal * batch) + row) % records.Count)])];

    private async Task<double> RunAsync(ModelScorer scorer, DatasetRecord[] batch, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await scorer.ScoreAsync(batch, null, cancellationToken).ConfigureAwait(false);
        return time.GetElapsedTime(begun).TotalMilliseconds;
    }

    private async Task WarmUpAsync(ModelScorer scorer, int batch, CancellationToken cancellationToken)
    {
        for (var run = 0; run < WarmUps; run++)
        {
            await RunAsync(scorer, Batch(run, batch), cancellationToken).ConfigureAwait(false);
        }
    }

    private static BatchCost CostOf(int batch, List<double> runs)
    {
        runs.Sort();
        return new BatchCost(batch, runs[runs.Count / 2], runs[(int)Math.Ceiling(runs.Count * 0.99) - 1], batch * runs.Count * 1000 / Math.Max(1e-6, runs.Sum()), runs.Count);
    }

    // What the process gains by loading and running it: its weights, and the arena of one batch. Small models are loaded several times over and divided: what one
    // gains is lost in what else the process does. Rough where others work in the process, and unknown where it gains nothing at all.
    private async Task<long?> MemoryAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        var copies = new List<ModelScorer>();
        try
        {
            Collect();
            var before = Resident();
            do
            {
                copies.Add(Open(package, Batches[^1], copies.Count + 1));
                await WarmUpAsync(copies[^1], Batches[^1], cancellationToken).ConfigureAwait(false);
            }
            while (copies.Count < MostCopies && Resident() - before < EnoughGained);

            Collect();
            var gained = (Resident() - before) / copies.Count;
            return gained > 0 ? gained : null;
        }
        finally
        {
            copies.ForEach(copy => copy.Dispose());
        }
    }

    // Pages that an earlier model has left free would be taken again, and not be counted; so would pages that the runtime gives back only later.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
