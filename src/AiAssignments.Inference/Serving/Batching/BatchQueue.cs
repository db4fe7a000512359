using System.Globalization;
using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Inference.Serving.Batching;

/// <summary>
/// The only owner of what waits for one model version. Rows stand in the order of their turn: a request's first rows are due in the batch that is formed next
/// when they come, the following ones a batch later for every <see cref="QueueLimits.RowsATurn"/>. Each batch has the row whose turn is first, so that none
/// starves, and a single row that comes behind a list does not wait for all of the list.
/// </summary>
internal sealed class BatchQueue
{
    private readonly Lock gate = new();
    private readonly List<QueuedRow> waiting = [];
    private readonly List<int> places = [];
    private readonly BatchFormer former;
    private readonly DrainRate rate;
    private readonly QueueLimits limits;
    private readonly LaneDispatcher lanes;
    private readonly TimeProvider time;
    private readonly BatchRun run;
    private readonly KeyValuePair<string, object?> tag;
    private readonly ITimer? timer;
    private TaskCompletionSource? idle;
    private long turn;
    private int alive;
    private int announced;
    private int running;
    private bool scheduled;

    public BatchQueue(QueueLimits limits, LaneDispatcher lanes, TimeProvider time, BatchCounts? batches = null)
    {
        (this.limits, this.lanes, this.time) = (limits, lanes, time);
        former = new(limits.MostPadding);
        rate = new(time);
        run = new(limits, time, batches ?? new());
        tag = new("model", limits.Model);
        timer = limits.Delay > TimeSpan.Zero
            ? time.CreateTimer(static queue => ((BatchQueue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Rows that wait.</summary>
    public int Length
    {
        get
        {
            lock (gate)
            {
                return alive;
            }
        }
    }

    /// <summary>Keeps room for rows that are being made; refuses at once what does not fit.</summary>
    /// <exception cref="ProblemException"><c>request-too-large</c>, <c>queue-full</c>.</exception>
    public void Announce(int rows)
    {
        lock (gate)
        {
            Admit(rows, rows);
            announced += rows;
        }
    }

    /// <summary>Gives room back that was announced.</summary>
    public void Withdraw(int rows)
    {
        lock (gate)
        {
            announced -= rows;
            Settle();
        }
    }

    /// <summary>Queues a request's rows.</summary>
    /// <param name="request">The request, its kind set.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="announcedRows">What was announced for it; given back whatever happens.</param>
    /// <exception cref="ProblemException">It makes more rows than were announced, and they do not fit: <c>request-too-large</c>, <c>queue-full</c>.</exception>
    public void Enqueue(ServeRequest request, List<QueuedRow> rows, int announcedRows)
    {
        bool ready;
        lock (gate)
        {
            announced -= announcedRows;
            Admit(rows.Count, Math.Max(0, rows.Count - announcedRows));
            request.QueuedAt = time.GetTimestamp();
            request.Begin(rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                rows[i].Due = turn + (i / QueueLimits.RowsATurn);
                Insert(rows[i]);
            }

            request.Waiting = rows.Count;
            alive += rows.Count;
            ready = TrySchedule();
            Settle();
        }

        Instruments.QueueLength.Add(rows.Count, tag);
        if (ready)
        {
            lanes.Ready(this);
        }
    }

    /// <summary>Takes out a request that has ended; rows that run already run to their end.</summary>
    public void Leave(ServeRequest request)
    {
        int left;
        lock (gate)
        {
            left = request.Waiting;
            request.Waiting = 0;
            alive -= left;
            if (left > 0 && (alive == 0 || waiting.Count > 2 * alive))
            {
                Sweep();
            }

            Settle();
        }

        Instruments.QueueLength.Add(-left, tag);
    }

    /// <summary>A request's time is over: it leaves if any of its rows still waits; if all of them run, their answer is as near as a refusal.</summary>
    public void Expire(ServeRequest request, TimeSpan limit)
    {
        lock (gate)
        {
            if (request.Waiting == 0)
            {
                return;
            }
        }

        request.TryFail(Deadline.Exceeded(limit));
        Leave(request);
    }

    /// <summary>A lane forms a batch of what gathered, and runs it.</summary>
    /// <param name="scratch">The lane's.</param>
    /// <param name="idleLanes">Lanes without work, this one included.</param>
    public void Serve(LaneScratch scratch, int idleLanes)
    {
        bool again;
        lock (gate)
        {
            scheduled = false;
            Take(scratch.Batch, idleLanes);
            again = TrySchedule();
            Settle();
        }

        if (again)
        {
            lanes.Ready(this);
        }

        if (scratch.Batch.Count == 0)
        {
            return;
        }

        Instruments.QueueLength.Add(-scratch.Batch.Count, tag);
        run.Run(scratch);
        lock (gate)
        {
            running--;
            rate.Add(scratch.Batch.Count);
            again = TrySchedule();
            Settle();
        }

        scratch.Clear();
        if (again)
        {
            lanes.Ready(this);
        }
    }

    /// <summary>Ends when nothing waits or runs.</summary>
    public Task WhenIdleAsync()
    {
        lock (gate)
        {
            if (IsIdle)
            {
                return Task.CompletedTask;
            }

            idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return idle.Task;
        }
    }

    private bool IsIdle => alive == 0 && announced == 0 && running == 0;

    private void Admit(int rows, int more)
    {
        if (rows > limits.Capacity)
        {
            throw new ProblemException(
                "request-too-large",
                string.Create(CultureInfo.InvariantCulture, $"The request makes {rows} rows, and the queue of '{limits.Model}' holds {limits.Capacity}; send them in several requests."));
        }

        if (more > 0 && alive + announced + more > limits.Capacity)
        {
            Instruments.QueueRefusals.Add(1, tag);
            throw new ProblemException(
                "queue-full",
                string.Create(CultureInfo.InvariantCulture, $"{alive + announced} of {limits.Capacity} rows wait for '{limits.Model}' already; try again later."))
            {
                // When half of it is done there is room for many who were refused, and none of them finds an idle server.
                RetryAfter = rate.TimeFor((alive + announced + 1) / 2),
            };
        }
    }

    // Dues mostly grow, so that the place is at the end or near it.
    private void Insert(QueuedRow row)
    {
        var (low, high) = (0, waiting.Count);
        if (high == 0 || waiting[high - 1].Due <= row.Due)
        {
            waiting.Add(row);
            return;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = waiting[middle].Due <= row.Due ? (middle + 1, high) : (low, middle);
        }

        waiting.Insert(low, row);
    }

    private void Take(List<QueuedRow> batch, int idleLanes)
    {
        if (waiting.Count > alive)
        {
            Sweep();
        }

        if (alive == 0)
        {
            return;
        }

        // Lanes that may not run this model are no reason to make its batches smaller.
        var takers = Math.Clamp(limits.MostConcurrent - running, 1, idleLanes);
        var share = waiting[0].Request.Kind.SharesOut ? (alive + takers - 1) / takers : alive;
        places.Clear();
        former.Choose(waiting, share, places);
        places.Sort();
        foreach (var place in places)
        {
            var row = waiting[place];
            row.Request.Waiting--;
            batch.Add(row);
        }

        Remove(places);
        alive -= batch.Count;
        turn++;
        running++;
    }

    private void Remove(List<int> sorted)
    {
        var rows = CollectionsMarshal.AsSpan(waiting);
        var to = sorted[0];
        for (var i = 0; i < sorted.Count; i++)
        {
            var end = i + 1 < sorted.Count ? sorted[i + 1] : rows.Length;
            var kept = rows[(sorted[i] + 1)..end];
            kept.CopyTo(rows[to..]);
            to += kept.Length;
        }

        waiting.RemoveRange(to, rows.Length - to);
    }

    private void Sweep() => waiting.RemoveAll(static row =>
    {
        if (row.Request.Waiting > 0)
        {
            return false;
        }

        row.Release();
        return true;
    });

    private bool TrySchedule()
    {
        if (scheduled || alive == 0 || running >= limits.MostConcurrent || !GatheredEnough())
        {
            return false;
        }

        return scheduled = true;
    }

    private bool GatheredEnough()
    {
        if (timer is null)
        {
            return true;
        }

        // The first row of a request that has left may hide a younger one for a moment: then the batch goes early, never late.
        var first = waiting[0].Request;
        var left = limits.Delay - time.GetElapsedTime(first.QueuedAt);
        if (left <= TimeSpan.Zero || alive >= first.Kind.MostRows || FillsABatch(first.Kind.MostTokens))
        {
            return true;
        }

        timer.Change(left, Timeout.InfiniteTimeSpan);
        return false;
    }

    private bool FillsABatch(int mostTokens)
    {
        long ids = 0;
        for (var i = 0; i < waiting.Count && i < BatchFormer.LookAhead && ids < mostTokens; i++)
        {
            ids += waiting[i].Request.Waiting > 0 ? waiting[i].Length : 0;
        }

        return ids >= mostTokens;
    }

    private void Wake()
    {
        bool ready;
        lock (gate)
        {
            ready = TrySchedule();
        }

        if (ready)
        {
            lanes.Ready(this);
        }
    }

    private void Settle()
    {
        if (idle is not null && IsIdle)
        {
            idle.TrySetResult();
            idle = null;
        }
    }
}
