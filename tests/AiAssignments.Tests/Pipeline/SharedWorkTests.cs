using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Tests.Pipeline;

public sealed class SharedWorkTests
{
    [Fact]
    public async Task Work_goes_on_when_who_asked_is_gone_and_is_done_once_for_all_who_ask()
    {
        await using var work = new SharedWork<int>(10);
        var (begun, done) = (Signal(), Signal());
        using var leaving = new CancellationTokenSource();
        var times = 0;
        var first = work.RunAsync("a", WorkAsync, leaving.Token);
        await begun.Task;
        var second = work.RunAsync("a", WorkAsync, CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        done.SetResult();
        Assert.Equal((1, false), await second);
        Assert.Equal((2, true), await work.RunAsync("a", WorkAsync, CancellationToken.None));

        async Task<int> WorkAsync(CancellationToken token)
        {
            begun.TrySetResult();
            await done.Task.WaitAsync(token);
            return Interlocked.Increment(ref times);
        }
    }

    [Fact]
    public async Task One_works_at_a_time_and_one_that_is_one_too_many_is_told_so()
    {
        await using var work = new SharedWork<int>(2);
        var done = Signal();
        var (now, most) = (0, 0);
        var both = new[] { work.RunAsync("a", WorkAsync, CancellationToken.None), work.RunAsync("b", WorkAsync, CancellationToken.None) };
        var full = await Assert.ThrowsAsync<ProblemException>(() => work.RunAsync("c", WorkAsync, CancellationToken.None));
        Assert.Equal("queue-full", full.Problem.Code);
        done.SetResult();
        await Task.WhenAll(both);
        Assert.Equal(1, most);

        async Task<int> WorkAsync(CancellationToken token)
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await done.Task.WaitAsync(token);
            return Interlocked.Decrement(ref now);
        }
    }

    [Fact]
    public async Task A_failure_is_everyones_and_is_not_kept()
    {
        await using var work = new SharedWork<int>(10);
        await Assert.ThrowsAsync<ProblemException>(() => work.RunAsync("a", _ => throw new ProblemException("no", "No."), CancellationToken.None));
        Assert.Equal(7, (await work.RunAsync("a", _ => Task.FromResult(7), CancellationToken.None)).Result);
    }

    [Fact]
    public async Task What_is_under_way_ends_with_the_host()
    {
        var work = new SharedWork<int>(10);
        var begun = Signal();
        var running = work.RunAsync(
            "a",
            async token =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            },
            CancellationToken.None);
        await begun.Task;
        await work.DisposeAsync();
        Assert.Equal("engine-stopped", (await Assert.ThrowsAsync<ProblemException>(() => running)).Problem.Code);
        Assert.Equal("engine-stopped", (await Assert.ThrowsAsync<ProblemException>(() => work.RunAsync("b", _ => Task.FromResult(0), CancellationToken.None))).Problem.Code);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
