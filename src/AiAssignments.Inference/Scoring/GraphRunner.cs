using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;

namespace AiAssignments.Inference.Scoring;

/// <summary>Runs the graph for evaluations, as many batches at a time as it has lanes.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly GraphSession graph;
    private readonly SemaphoreSlim gate;

    public GraphRunner(ModelPackage package, ScorerOptions options)
    {
        var threads = options.Runtime.IntraOpThreads == 0 ? Cores.Physical : options.Runtime.IntraOpThreads;
        Lanes = options.Lanes == 0 ? threads : options.Lanes;
        graph = new(package, options.Runtime with { IntraOpThreads = Math.Max(1, threads / Lanes) }, options.Time);
        if (graph.Provider != "CPU")
        {
            Lanes = 1;
        }

        gate = new(Lanes);
    }

    public string Provider => graph.Provider;

    /// <summary>Batches that run side by side.</summary>
    public int Lanes { get; }

    /// <summary>Waits for its turn and runs.</summary>
    /// <param name="run">Given the graph.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The time of the run, without the waiting.</returns>
    public async Task<TimeSpan> RunAsync(Func<GraphSession, TimeSpan> run, CancellationToken cancellationToken)
    {
        // More inferences than cores take each other's caches, and all end later.
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return run(graph);
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

        graph.Dispose();
        gate.Dispose();
    }
}
