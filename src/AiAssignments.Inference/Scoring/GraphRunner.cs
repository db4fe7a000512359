using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Scoring;

/// <summary>Runs the graph, as many batches at a time as it has lanes, and holds its output's shape against the card.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly LoadedSession loaded;
    private readonly ModelBinding binding;
    private readonly int labels;
    private readonly string path;
    private readonly TimeProvider time;
    private readonly RunOptions runOptions = new();
    private readonly SemaphoreSlim gate;
    private readonly string[] outputs;

    public GraphRunner(ModelPackage package, ScorerOptions options)
    {
        binding = package.Binding;
        labels = package.Card.Labels.Count;
        path = package.OnnxPath;
        time = options.Time;
        outputs = [binding.Output];
        var threads = options.Runtime.IntraOpThreads == 0 ? Cores.Physical : options.Runtime.IntraOpThreads;
        Lanes = options.Lanes == 0 ? threads : options.Lanes;
        loaded = InferenceSessionFactory.Open(package.OnnxPath, options.Runtime with { IntraOpThreads = Math.Max(1, threads / Lanes) });
        if (loaded.Provider != "CPU")
        {
            Lanes = 1;
        }

        gate = new(Lanes);
        InputNames = [binding.Ids, .. new[] { binding.Mask, binding.Types }.OfType<string>()];
    }

    /// <summary>Reads the logits: row-major, <c>rows x positions x labels</c>.</summary>
    public delegate void LogitsReader(ReadOnlySpan<float> logits);

    public string Provider => loaded.Provider;

    /// <summary>Batches that run side by side.</summary>
    public int Lanes { get; }

    /// <summary>Names of the inputs in the order in which values are given.</summary>
    public string[] InputNames { get; }

    /// <summary>Waits for its turn, runs, and reads.</summary>
    /// <param name="inputs">One value an input.</param>
    /// <param name="rows">Rows of the batch, padding rows included.</param>
    /// <param name="positions">Positions of the output, 1 for a classification.</param>
    /// <param name="read">Given the logits.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The time of the run, without the waiting.</returns>
    public async Task<TimeSpan> RunAsync(OrtValue[] inputs, int rows, int positions, LogitsReader read, CancellationToken cancellationToken)
    {
        // More inferences than cores take each other's caches, and all end later.
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Run(inputs, rows, positions, read);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Does pieces of work on all lanes; each piece's result must not depend on the others.</summary>
    /// <param name="pieces">Number of pieces; begun in order.</param>
    /// <param name="work">Given a piece's ordinal.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    public async Task ShareOutAsync(int pieces, Func<int, Task> work, CancellationToken cancellationToken)
    {
        var next = -1;
        var failed = false;
        async Task LaneAsync()
        {
            try
            {
                for (int piece; (piece = Interlocked.Increment(ref next)) < pieces && !Volatile.Read(ref failed);)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await work(piece).ConfigureAwait(false);
                }
            }
            catch
            {
                Volatile.Write(ref failed, true);
                throw;
            }
        }

        var lanes = Math.Min(Lanes, pieces);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(LaneAsync, cancellationToken))).ConfigureAwait(false);
    }

    public void Dispose()
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            gate.Wait();
        }

        loaded.Dispose();
        runOptions.Dispose();
        gate.Dispose();
    }

    private TimeSpan Run(OrtValue[] inputs, int rows, int positions, LogitsReader read)
    {
        try
        {
            var start = time.GetTimestamp();
            using var results = loaded.Session.Run(runOptions, InputNames, inputs, outputs);
            var elapsed = time.GetElapsedTime(start);
            CheckShape(results[0].GetTensorTypeAndShape().Shape, rows, positions);
            read(results[0].GetTensorDataAsSpan<float>());
            return elapsed;
        }
        catch (OnnxRuntimeException failed)
        {
            throw new ProblemException(new("inference-failed", $"ONNX Runtime stopped at this graph: {failed.Message}", path), failed);
        }
    }

    private void CheckShape(long[] found, int rows, int positions)
    {
        long[] wanted = binding.Task == Core.Models.ModelTask.TokenClassification ? [rows, positions, labels] : [rows, labels];
        if (found.AsSpan().SequenceEqual(wanted))
        {
            return;
        }

        var (code, hint) = found.Length == wanted.Length && found[^1] != labels
            ? ("model-label-count", $"; the card has {labels} labels")
            : ("model-output-mismatch", string.Empty);
        throw new ProblemException(code, $"The graph gave '{binding.Output}' as [{string.Join(", ", found)}]; [{string.Join(", ", wanted)}] is needed{hint}.", path);
    }
}
