using AiAssignments.Evaluation.Results;
using HdrHistogram;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>
/// Latencies in a high dynamic range histogram: 1 microsecond to 1 hour at 3 significant digits, what is outside counted at the nearer end.
/// Percentiles are the upper ends of their buckets, at most 0.1 % over the sample. Safe for use from several threads.
/// </summary>
public sealed class LatencyRecorder
{
    private const long LargestMicroseconds = 3_600_000_000;
    private const int Digits = 3;

    private static readonly double[] Steps = [1, 1.5, 2, 3, 5, 7];

    private readonly LongHistogram histogram = new(1, LargestMicroseconds, Digits);
    private readonly Lock gate = new();

    /// <summary>Samples recorded.</summary>
    public long Samples => histogram.TotalCount;

    /// <summary>Records a sample.</summary>
    /// <param name="latency">How long it took.</param>
    public void Record(TimeSpan latency) => Record((long)Math.Round(latency.TotalMicroseconds), 1);

    /// <summary>For a shard's result.</summary>
    public LatencyState ToState()
    {
        lock (gate)
        {
            var values = Recorded();
            return new LatencyState([.. values.Select(value => value.Microseconds)], [.. values.Select(value => value.Count)]);
        }
    }

    /// <summary>Adds what a shard's result holds.</summary>
    /// <param name="state">What <see cref="ToState"/> gave.</param>
    public void Add(LatencyState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (value, count) in state.Microseconds.Zip(state.Counts))
        {
            Record(value, count);
        }
    }

    /// <summary>Adds all that another has recorded.</summary>
    /// <param name="other">Another recorder.</param>
    public void Merge(LatencyRecorder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(other.ToState());
    }

    /// <summary>The percentiles; all zero without samples.</summary>
    /// <param name="unit">What one sample is: <c>batch</c> or <c>record</c>.</param>
    public LatencySummary Compute(string unit)
    {
        lock (gate)
        {
            if (histogram.TotalCount == 0)
            {
                return new LatencySummary(unit, 0, 0, 0, 0, 0, 0, []);
            }

            return new LatencySummary(unit, histogram.TotalCount, At(50), At(90), At(95), At(99), At(100), Buckets());
        }
    }

    private double At(double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;

    // Edges at 1, 1.5, 2, 3, 5 and 7 times powers of ten, from the last below the least sample to the first at or over the largest.
    private List<LatencyBucket> Buckets()
    {
        var buckets = new List<LatencyBucket>();
        var values = Recorded();
        var next = 0;
        for (var power = 0; next < values.Count; power++)
        {
            foreach (var step in Steps)
            {
                var edge = step * Math.Pow(10, power);
                var count = 0L;
                for (; next < values.Count && values[next].Microseconds <= edge; next++)
                {
                    count += values[next].Count;
                }

                if (count > 0 || (buckets.Count > 0 && next < values.Count))
                {
                    buckets.Add(new LatencyBucket(edge / 1000, count));
                }
            }
        }

        return buckets;
    }

    // The iterator hands out one object again and again, so its figures are copied as it goes.
    private List<(long Microseconds, long Count)> Recorded() =>
        [.. histogram.RecordedValues().Select(value => (value.ValueIteratedTo, value.CountAtValueIteratedTo))];

    private void Record(long microseconds, long count)
    {
        lock (gate)
        {
            histogram.RecordValueWithCount(Math.Clamp(microseconds, 1, LargestMicroseconds), count);
        }
    }
}
