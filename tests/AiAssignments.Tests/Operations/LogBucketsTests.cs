using AiAssignments.Pipeline.Operations.Traffic;

namespace AiAssignments.Tests.Operations;

public sealed class LogBucketsTests
{
    [Fact]
    public void A_bucket_tells_its_values_to_within_1_6_percent_and_buckets_follow_each_other()
    {
        var before = -1;
        for (var micros = 0L; micros < 5_000_000_000; micros += Math.Max(1, micros / 97))
        {
            var bucket = LogBuckets.Of(micros / 1e6);
            Assert.InRange(bucket, before, LogBuckets.Count - 1);
            Assert.InRange(bucket - before, 0, 1);
            if (micros < 1L << 32)
            {
                Assert.InRange(LogBuckets.Middle(bucket) * 1e6, micros * (1 - 0.016), micros * 1.016);
            }

            before = bucket;
        }

        Assert.Equal(LogBuckets.Count - 1, before);
        Assert.Equal(0, LogBuckets.Of(-1));
        Assert.Equal(LogBuckets.Count - 1, LogBuckets.Of(double.PositiveInfinity));
    }

    [Fact]
    public void Quantiles_are_of_the_nearest_rank()
    {
        var counts = new long[LogBuckets.Count];
        for (var micros = 1; micros <= 20; micros++)
        {
            counts[LogBuckets.Of(micros / 1e6)]++;
        }

        Assert.Equal(10e-6, LogBuckets.Quantile(counts, 0.5), 12);
        Assert.Equal(19e-6, LogBuckets.Quantile(counts, 0.95), 12);
        Assert.Equal(20e-6, LogBuckets.Quantile(counts, 0.99), 12);
        Assert.True(double.IsNaN(LogBuckets.Quantile(new long[LogBuckets.Count], 0.5)));
    }
}
