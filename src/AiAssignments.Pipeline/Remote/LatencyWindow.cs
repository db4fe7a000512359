namespace AiAssignments.Pipeline.Remote;

/// <summary>The latest answers' times, for the wait before a second attempt. Thread-safe.</summary>
internal sealed class LatencyWindow
{
    private const int Length = 256;
    private const int Least = 32;
    private const int Refresh = 16;
    private readonly Lock gate = new();
    private readonly long[] ticks = new long[Length];
    private readonly double percentile;
    private int count;
    private TimeSpan? current;

    public LatencyWindow(double percentile) => this.percentile = percentile;

    public void Add(TimeSpan latency)
    {
        lock (gate)
        {
            ticks[count++ % Length] = latency.Ticks;
            if (count >= Least && count % Refresh == 0)
            {
                var sorted = ticks[..Math.Min(count, Length)];
                Array.Sort(sorted);
                current = new TimeSpan(sorted[(int)Math.Ceiling(percentile * sorted.Length) - 1]);
            }
        }
    }

    /// <summary>The percentile; <c>null</c> before there are enough.</summary>
    public TimeSpan? Read()
    {
        lock (gate)
        {
            return current;
        }
    }
}
