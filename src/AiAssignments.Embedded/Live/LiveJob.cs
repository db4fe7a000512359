using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>The last state of a job, and when it may be sent again: at once when it is due, ended, or in another stage, else when its interval is over.</summary>
internal sealed class LiveJob : IDisposable
{
    private readonly Lock sync = new();
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly Action<LiveJob> post;
    private JobProgress? latest;
    private DateTimeOffset at;
    private string? sentStage;
    private long? sentAt;
    private bool dirty;
    private bool posted;
    private bool armed;
    private ITimer? timer;

    /// <param name="id">The job's id.</param>
    /// <param name="interval">Shortest time between two messages of one stage.</param>
    /// <param name="time">The clock.</param>
    /// <param name="post">Asks the hub to call <see cref="Take"/>; must not block.</param>
    public LiveJob(string id, TimeSpan interval, TimeProvider time, Action<LiveJob> post)
    {
        Id = id;
        this.interval = interval;
        this.time = time;
        this.post = post;
    }

    public string Id { get; }

    /// <summary>How often it ended. Only for the hub's dispatcher.</summary>
    public int Ends { get; set; }

    /// <summary>The last state, sent or not.</summary>
    public KnownProgress? Latest
    {
        get
        {
            lock (sync)
            {
                return latest is null ? null : new KnownProgress(latest, at);
            }
        }
    }

    public void Offer(JobProgress progress)
    {
        lock (sync)
        {
            // Shards tell side by side, so an older figure can come after a newer one.
            if (latest is not null && latest.Stage == progress.Stage && latest.Total == progress.Total && progress.Done < latest.Done)
            {
                return;
            }

            latest = progress;
            at = time.GetUtcNow();
            dirty = true;
            if (posted)
            {
                return;
            }

            var wait = sentAt is { } before && sentStage == progress.Stage ? interval - time.GetElapsedTime(before) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                if (!armed)
                {
                    armed = true;
                    timer ??= time.CreateTimer(static job => ((LiveJob)job!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    timer.Change(wait, Timeout.InfiniteTimeSpan);
                }

                return;
            }

            posted = true;
        }

        post(this);
    }

    /// <summary>The state to send; after it the interval begins anew.</summary>
    public KnownProgress Take()
    {
        lock (sync)
        {
            posted = dirty = false;
            sentAt = time.GetTimestamp();
            sentStage = latest!.Stage;
            return new KnownProgress(latest, at);
        }
    }

    public void Dispose()
    {
        lock (sync)
        {
            timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (sync)
        {
            armed = false;
            if (posted || !dirty)
            {
                return;
            }

            posted = true;
        }

        post(this);
    }
}
