using System.Diagnostics;

namespace AiAssignments.Inference.Serving.Batching;

/// <summary>One caller's rows: ends once, when the last of them ran, or when it is cancelled, expires or fails.</summary>
internal abstract class ServeRequest
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Of a request with thousands of rows the first batches tell the story.
    private const int MostRuns = 16;

    private readonly Lock gate = new();
    private List<RequestRun>? runs;
    private int pending;
    private TimeSpan longestWait;
    private TimeSpan inference;

    /// <summary>What its rows are; set before they are queued.</summary>
    public RowKind Kind { get; set; } = null!;

    /// <summary>The caller's span, to which batches link; <c>null</c> when it is not traced.</summary>
    public ActivityContext? Origin { get; } = Activity.Current is { Recorded: true } current ? current.Context : null;

    /// <summary>The batches with its rows, for its spans; the first 16, and only where <see cref="Origin"/> is set. To be read when it has ended.</summary>
    public IReadOnlyList<RequestRun> Runs => runs ?? [];

    /// <summary>When its rows were queued, as a timestamp of the clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>Rows that wait; the queue's, under its lock.</summary>
    public int Waiting { get; set; }

    /// <summary>Ends with the request.</summary>
    public Task Completion => completion.Task;

    /// <summary>Whether nobody waits for its rows any more.</summary>
    public bool Ended => completion.Task.IsCompleted;

    /// <summary>Longest wait of its rows, and the time of all batches with its rows.</summary>
    public (TimeSpan Queue, TimeSpan Inference) Spent
    {
        get
        {
            lock (gate)
            {
                return (longestWait, inference);
            }
        }
    }

    /// <summary>Says how many rows there are; a request without rows ends at once.</summary>
    public void Begin(int rows)
    {
        pending = rows;
        if (rows == 0)
        {
            completion.TrySetResult();
        }
    }

    /// <summary>Some of its rows ran in one batch.</summary>
    public void RowsDone(int rows, TimeSpan waited, TimeSpan ran, RequestRun run = default)
    {
        lock (gate)
        {
            if (Origin is not null && (runs is null || runs.Count < MostRuns))
            {
                (runs ??= []).Add(run);
            }

            longestWait = waited > longestWait ? waited : longestWait;
            inference += ran;
            pending -= rows;
            if (pending > 0)
            {
                return;
            }
        }

        completion.TrySetResult();
    }

    /// <summary>Ends it with an error; <c>false</c> when it had ended.</summary>
    public bool TryFail(Exception error) => completion.TrySetException(error);

    public bool TryCancel(CancellationToken cancellationToken) => completion.TrySetCanceled(cancellationToken);
}

/// <summary>One batch as a request sees it.</summary>
/// <param name="Started">When it began, as a timestamp of the clock.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Rows">The request's rows in it.</param>
/// <param name="Batch">Its span; default when it is not traced.</param>
internal readonly record struct RequestRun(long Started, long Ended, int Rows, ActivityContext Batch);
