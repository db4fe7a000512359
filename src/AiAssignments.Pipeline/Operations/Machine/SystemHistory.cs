namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>Samples of the last 15 minutes, one every 5 s.</summary>
internal sealed class SystemHistory
{
    /// <summary>Time between samples.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const int Kept = (15 * 60 / 5) + 1;
    private readonly Func<SystemSample> read;
    private readonly TimeProvider time;
    private readonly Queue<SystemSample> samples = new();
    private readonly Lock sync = new();

    public SystemHistory(Func<SystemSample> read, TimeProvider time)
    {
        this.read = read;
        this.time = time;
        samples.Enqueue(read());
    }

    /// <summary>Takes the next sample; to be called every <see cref="Period"/>.</summary>
    public void Sample()
    {
        var sample = read();
        lock (sync)
        {
            samples.Enqueue(sample);
            if (samples.Count > Kept)
            {
                samples.Dequeue();
            }
        }
    }

    /// <summary>What was used from a window's beginning until now.</summary>
    public SystemUsage Over(TimeSpan window)
    {
        var now = read();
        List<SystemSample> within;
        lock (sync)
        {
            // Half a period of grace, so that a window of 60 s is measured over 60 and not over 55.
            within = samples.Where(sample => time.GetElapsedTime(sample.Timestamp, now.Timestamp) <= window + (Period / 2)).ToList();
            if (within.Count == 0)
            {
                within.Add(samples.Last());
            }
        }

        return SystemUsage.Between(
            within[0],
            now,
            time,
            within.Max(sample => sample.Machine?.MemoryBytes),
            within.Max(sample => sample.Container?.MemoryBytes),
            within.Max(sample => sample.Process.MemoryBytes));
    }
}
