using AiAssignments.Pipeline.Access.Rates;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Access;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate()
    {
        var limiter = new RateLimiter(time, 10);
        var limit = new RateLimit(2, 3);
        Assert.Equal([null, null, null], Enumerable.Range(0, 3).Select(_ => limiter.Charge("a", limit)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), limiter.Charge("a", limit));
        Assert.Null(limiter.Charge("b", limit));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(limiter.Charge("a", limit));
        Assert.NotNull(limiter.Charge("a", limit));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([null, null, null], Enumerable.Range(0, 3).Select(_ => limiter.Charge("a", limit)));
        Assert.NotNull(limiter.Charge("a", limit));
    }

    [Fact]
    public void Ever_new_names_take_no_more_memory_and_give_no_more_requests()
    {
        var limiter = new RateLimiter(time, 100);
        var limit = new RateLimit(1, 5);
        var let = Enumerable.Range(0, 100_000).Count(i => limiter.Charge($"address:{i}", limit) is null);
        Assert.Equal(100, limiter.Count);
        Assert.Equal(105, let);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(limiter.Charge("someone new", limit));
        Assert.Equal(1, limiter.Count);
    }

    [Fact]
    public void Many_threads_get_no_more_than_the_burst()
    {
        var limiter = new RateLimiter(time, 10);
        var limit = new RateLimit(1, 1000);
        var let = 0;
        Parallel.For(0, 4000, _ =>
        {
            if (limiter.Charge("a", limit) is null)
            {
                Interlocked.Increment(ref let);
            }
        });
        Assert.Equal(1000, let);
    }
}
