using AiAssignments.Evaluation.Metrics.Shards;

namespace AiAssignments.Tests.Metrics.Shards;

public sealed class LatencyRecorderTests
{
    [Fact]
    public void Percentiles_are_within_a_thousandth()
    {
        var recorder = new LatencyRecorder();
        for (var i = 1; i <= 1000; i++)
        {
            recorder.Record(TimeSpan.FromMilliseconds(i));
        }

        var summary = recorder.Compute("batch");
        Assert.Equal(("batch", 1000L), (summary.Unit, summary.Samples));
        Assert.InRange(summary.P50, 500, 500.6);
        Assert.InRange(summary.P90, 900, 901);
        Assert.InRange(summary.P95, 950, 951);
        Assert.InRange(summary.P99, 990, 991);
        Assert.InRange(summary.Max, 1000, 1001);
        Assert.Equal(1000, summary.Buckets.Sum(bucket => bucket.Count));
        Assert.Equal(summary.Buckets.Select(bucket => bucket.UpperMilliseconds).Order(), summary.Buckets.Select(bucket => bucket.UpperMilliseconds));
    }

    [Fact]
    public void Merging_what_was_kept_changes_no_percentile()
    {
        var whole = new LatencyRecorder();
        var merged = new LatencyRecorder();
        for (var shard = 0; shard < 5; shard++)
        {
            var part = new LatencyRecorder();
            for (var i = 0; i < 200; i++)
            {
                var latency = TimeSpan.FromMicroseconds(Math.Pow(1.02, (i * 5) + shard));
                whole.Record(latency);
                part.Record(latency);
            }

            merged.Add(part.ToState());
        }

        Assert.Equal(whole.ToState().Microseconds, merged.ToState().Microseconds);
        Assert.Equal(whole.ToState().Counts, merged.ToState().Counts);
        Assert.Equal(whole.Compute("batch").P99, merged.Compute("batch").P99);
        Assert.Equal(1000, merged.Samples);
    }

    [Fact]
    public void Empty_and_extreme_samples_are_held()
    {
        var recorder = new LatencyRecorder();
        Assert.Equal(0, recorder.Compute("record").Max);
        Assert.Empty(recorder.Compute("record").Buckets);
        recorder.Record(TimeSpan.Zero);
        recorder.Record(TimeSpan.FromDays(2));
        recorder.Record(TimeSpan.FromSeconds(-1));
        var summary = recorder.Compute("record");
        Assert.Equal(3, summary.Samples);
        Assert.Equal(0.001, summary.P50);
        Assert.InRange(summary.Max, 3_600_000, 3_604_000);
        Assert.Equal(3, summary.Buckets.Sum(bucket => bucket.Count));
    }
}
