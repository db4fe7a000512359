using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting.Running;

/// <summary>Watches the generator itself: how much processor time it uses, and how long finished answers wait for a thread to take them.</summary>
internal sealed class ProcessWatch(RunClock clock)
{
    private readonly Distribution delays = new();
    private TimeSpan firstProcessor = Processor;
    private TimeSpan lastProcessor = Processor;
    private long firstTime = clock.Now;
    private long lastTime = clock.Now;
    private int pending;

    private static TimeSpan Processor => Environment.CpuUsage.TotalTime;

    /// <summary>Begins anew, after the warm-up.</summary>
    public void Restart()
    {
        firstProcessor = lastProcessor = Processor;
        firstTime = lastTime = clock.Now;
        lock (delays)
        {
            delays.Reset();
        }
    }

    /// <summary>Share of all processors used since the last call, 0 to 1.</summary>
    public double Lap()
    {
        var (time, processor) = (clock.Now, Processor);
        var share = Share(processor - lastProcessor, time - lastTime);
        (lastTime, lastProcessor) = (time, processor);
        return share;
    }

    /// <summary>Share of all processors used since the start, 0 to 1.</summary>
    public double Whole() => Share(Processor - firstProcessor, clock.Now - firstTime);

    /// <summary>Asks a thread of the pool to run, and measures how long that takes.</summary>
    public void Probe()
    {
        // One at a time: a pool that is late is not to be given more to do.
        if (Interlocked.CompareExchange(ref pending, 1, 0) != 0)
        {
            return;
        }

        var asked = clock.Now;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                lock (delays)
                {
                    delays.Add(clock.Now - asked);
                }

                Volatile.Write(ref pending, 0);
            },
            null);
    }

    /// <summary>A percentile of the delays, milliseconds.</summary>
    public double Delay(double percent)
    {
        lock (delays)
        {
            return (double)delays.Percentile(percent) / TimeSpan.TicksPerMillisecond;
        }
    }

    private static double Share(TimeSpan processor, long ticks) => ticks > 0 ? Math.Clamp(processor.Ticks / ((double)ticks * Environment.ProcessorCount), 0, 1) : 0;
}
