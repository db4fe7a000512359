using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Live;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Live;

/// <summary>How often a job's progress is sent.</summary>
public sealed class LiveJobTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<string> sent = [];
    private readonly LiveJob job;

    public LiveJobTests() => job = new LiveJob("j", TimeSpan.FromMilliseconds(100), time, it => sent.Add($"{it.Take().Progress.Stage}:{it.Latest!.Progress.Done}"));

    [Fact]
    public void The_first_is_sent_at_once_and_then_the_latest_once_an_interval()
    {
        for (var done = 0; done < 10; done++)
        {
            Offer("scoring", done);
            for (var step = 0; step < 3; step++)
            {
                // By tens, so that the timer's moment is one that the clock stands at.
                time.Advance(TimeSpan.FromMilliseconds(10));
            }
        }

        time.Advance(TimeSpan.FromSeconds(1));
        // Offered at 0, 30, .., 270 ms: sent at 0, 100, 200, 300 ms.
        Assert.Equal(["scoring:0", "scoring:3", "scoring:6", "scoring:9"], sent);
    }

    [Fact]
    public void Another_stage_and_an_end_do_not_wait_and_nothing_is_sent_twice()
    {
        Offer("planning", 1);
        Offer("planning", 2);
        Offer("scoring", 0);
        Offer("scoring", 1);
        Offer("completed", 5);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["planning:1", "scoring:0", "completed:5"], sent);
    }

    [Fact]
    public void An_older_figure_that_comes_late_is_not_told()
    {
        Offer("scoring", 5);
        Offer("scoring", 3);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["scoring:5"], sent);
        Offer("cancelled", 5);
        Offer("scoring", 0);
        Assert.Equal(["scoring:5", "cancelled:5", "scoring:0"], sent);
    }

    [Fact]
    public void It_keeps_when_it_was_told()
    {
        Offer("scoring", 5);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), job.Latest!.At);
    }

    public void Dispose() => job.Dispose();

    private void Offer(string stage, long done) => job.Offer(new JobProgress("j", "t", stage, done, 10));
}
