using HdrHistogram;

namespace AiAssignments.LoadTesting.Measuring;

/// <summary>A distribution of times in ticks of 100 ns: an HDR histogram (three digits) beside the exact count, sum, least and greatest. Not thread-safe.</summary>
internal sealed class Distribution
{
    /// <summary>Longest time that is told apart: an hour.</summary>
    public const long Longest = TimeSpan.TicksPerHour;

    private readonly LongHistogram histogram = new(1, Longest, 3);
    private double sum;

    public long Count { get; private set; }

    public long Least { get; private set; } = long.MaxValue;

    public long Greatest { get; private set; }

    public double Mean => Count > 0 ? sum / Count : 0;

    public void Add(long ticks)
    {
        ticks = Math.Clamp(ticks, 0, Longest);
        histogram.RecordValue(ticks);
        Count++;
        sum += ticks;
        Least = Math.Min(Least, ticks);
        Greatest = Math.Max(Greatest, ticks);
    }

    public void Add(Distribution other)
    {
        if (other.Count == 0)
        {
            return;
        }

        histogram.Add(other.histogram);
        Count += other.Count;
        sum += other.sum;
        Least = Math.Min(Least, other.Least);
        Greatest = Math.Max(Greatest, other.Greatest);
    }

    /// <summary>A percentile, ticks.</summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent) => Count == 0 ? 0 : Math.Clamp(histogram.GetValueAtPercentile(percent), Least, Greatest);

    public void Reset()
    {
        if (Count == 0)
        {
            return;
        }

        histogram.Reset();
        (Count, sum, Least, Greatest) = (0, 0, long.MaxValue, 0);
    }

    /// <summary>The figures of it; <c>null</c> when it holds nothing.</summary>
    public LatencyFigures? Figures() => Count == 0
        ? null
        : new LatencyFigures(Count, Milliseconds(Mean), At(50), Milliseconds(Least), Milliseconds(Greatest), At(90), At(95), At(99), At(99.9));

    private static double Milliseconds(double ticks) => ticks / TimeSpan.TicksPerMillisecond;

    private double At(double percent) => Milliseconds(Percentile(percent));
}
