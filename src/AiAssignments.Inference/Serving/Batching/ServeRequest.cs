using System.Diagnostics;

namespace AiAssignments.Inference.Serving.Batching;

/// <summary>One caller's rows: ends once, when the last of them ran, or when it is cancelled, expires or fails.</summary>
internal abstract class ServeRequest
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private int pending;
    private TimeSpan longestWait;
    private TimeSpan inference;

    /// <summary>What its rows are; set before they are queued.</summary>
    public RowKind Kind { get; set; } = null!;

    /// <summary>The caller's span, to which batches link.</summary>
    public ActivityContext? Origin { get; } = Activity.Current?.Context;

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
    public void RowsDone(int rows, TimeSpan waited, TimeSpan ran)
    {
        lock (gate)
        {
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
