using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;

namespace AiAssignments.Tests.Serving.Support;

/// <summary>Stands in for a graph: writes down its batches, and holds each until the test lets it go on. An id of <see cref="Poison"/> fails the batch.</summary>
internal sealed class FakeRunner : IBatchRunner
{
    public const int Poison = 63;
    private readonly SemaphoreSlim entered = new(0);
    private readonly SemaphoreSlim permits = new(0);
    private volatile bool open = true;

    /// <summary>The rows of each batch begun.</summary>
    public List<QueuedRow[]> Batches { get; } = [];

    public void Close() => open = false;

    public void Open()
    {
        open = true;
        permits.Release(1000);
    }

    /// <summary>Waits for a batch to begin.</summary>
    public async Task EnteredAsync() => Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(20)), "No batch began.");

    public void LetOneGo() => permits.Release();

    public TimeSpan Run(List<QueuedRow> rows)
    {
        lock (Batches)
        {
            Batches.Add([.. rows]);
        }

        entered.Release();
        if (!open)
        {
            Assert.True(permits.Wait(TimeSpan.FromSeconds(20)), "The test did not let the batch go on.");
        }

        if (rows.OfType<SequenceRow>().Any(row => row.Item.Ids.Contains(Poison)))
        {
            throw new ProblemException("inference-failed", "An id is outside of the vocabulary.");
        }

        foreach (var row in rows.OfType<SequenceRow>())
        {
            // The logit of label 0 is the sum of the row's ids.
            row.Sink.Take(row.Item, [row.Item.Ids.Sum() / 10f, 0, 0]);
        }

        return TimeSpan.FromMilliseconds(1);
    }
}
