using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Measuring;

/// <summary>
/// Takes samples from many threads and sorts them by the second in which they ended. Each thread writes to the stripe of its processor, so that they seldom meet;
/// a second is put together once it is over. What was due during the warm-up is left out.
/// </summary>
internal sealed class LoadRecorder
{
    // Time in which a thread that has read the clock surely comes to record; what comes later still counts, in the next second.
    private const long Grace = TimeSpan.TicksPerSecond / 4;

    private const int MostMessages = 10;

    private readonly long warmUp;
    private readonly Stripe[] stripes;
    private readonly Dictionary<string, long> messages = new(StringComparer.Ordinal);
    private readonly Tally tally = new();
    private int next;
    private volatile bool closed;

    /// <param name="warmUp">Ticks at the start that are left out.</param>
    /// <param name="stripes">Threads that write side by side; default: as many as there are processors, 16 at most.</param>
    public LoadRecorder(long warmUp, int? stripes = null)
    {
        this.warmUp = warmUp;
        this.stripes = new Stripe[stripes ?? Math.Min(16, Environment.ProcessorCount)];
        for (var i = 0; i < this.stripes.Length; i++)
        {
            this.stripes[i] = new Stripe();
        }
    }

    /// <summary>All that ended in the seconds put together so far.</summary>
    public Tally Total { get; } = new();

    /// <summary>What failed requests said, with how often, the first ten.</summary>
    public IReadOnlyDictionary<string, long> Messages
    {
        get
        {
            lock (messages)
            {
                return new Dictionary<string, long>(messages);
            }
        }
    }

    /// <summary>Whether it takes nothing more.</summary>
    public bool IsClosed => closed;

    /// <summary>Takes nothing more: what is cut off by an interruption is neither answered nor failed.</summary>
    public void Close() => closed = true;

    public void Record(in Sample sample)
    {
        if (closed || sample.Ended < warmUp)
        {
            return;
        }

        var stripe = stripes[stripes.Length == 1 ? 0 : Environment.CurrentManagedThreadId % stripes.Length];
        lock (stripe)
        {
            var second = stripe.Of((int)((sample.Ended - warmUp) / TimeSpan.TicksPerSecond));
            if (sample.Due >= warmUp)
            {
                second.Add(sample);
            }
            else if (sample.Reply.Failure == FailureKind.None)
            {
                second.Carry();
            }
        }

        if (sample.Due >= warmUp && sample.Reply.Detail is { } detail)
        {
            lock (messages)
            {
                if (messages.TryGetValue(detail, out var count) || messages.Count < MostMessages)
                {
                    messages[detail] = count + 1;
                }
            }
        }
    }

    /// <summary>Counts a request of the open model in the second in which it is due.</summary>
    public void Offer(long due)
    {
        if (due < warmUp || closed)
        {
            return;
        }

        lock (stripes[0])
        {
            stripes[0].Of((int)((due - warmUp) / TimeSpan.TicksPerSecond)).Offer();
        }
    }

    /// <summary>Puts together the seconds that are over.</summary>
    /// <param name="now">Ticks since the start.</param>
    /// <param name="all">Whether the run has ended, and so every second.</param>
    /// <returns>Each second with its tally, which is the callee's until the next one is asked for.</returns>
    public IEnumerable<(int Second, Tally Tally)> Advance(long now, bool all = false)
    {
        while (true)
        {
            var over = now - warmUp - Grace >= (next + 1) * TimeSpan.TicksPerSecond;
            if (!over && !(all && now - warmUp > next * TimeSpan.TicksPerSecond))
            {
                yield break;
            }

            tally.Reset();
            foreach (var stripe in stripes)
            {
                lock (stripe)
                {
                    stripe.Take(next, tally);
                }
            }

            Total.Add(tally);
            yield return (next++, tally);
        }
    }

    // The seconds of one stripe that are not yet put together; used tallies are kept for later seconds.
    private sealed class Stripe
    {
        private readonly Dictionary<int, Tally> open = [];
        private readonly Stack<Tally> free = [];
        private int first;

        public Tally Of(int second)
        {
            second = Math.Max(second, first);
            if (!open.TryGetValue(second, out var tally))
            {
                open[second] = tally = free.TryPop(out var used) ? used : new Tally();
            }

            return tally;
        }

        public void Take(int second, Tally into)
        {
            first = second + 1;
            if (open.Remove(second, out var tally))
            {
                into.Add(tally);
                tally.Reset();
                free.Push(tally);
            }
        }
    }
}
