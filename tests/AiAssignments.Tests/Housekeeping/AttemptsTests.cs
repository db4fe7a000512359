using AiAssignments.Pipeline.Housekeeping;

namespace AiAssignments.Tests.Housekeeping;

public sealed class AttemptsTests
{
    [Fact]
    public async Task What_fails_keeps_nothing_else_from_being_done_and_is_told_at_the_end()
    {
        var attempts = new Attempts();
        var done = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            var turn = i;
            Assert.Equal(turn % 2 == 0, await attempts.TryAsync(() => turn % 2 == 0 ? Do(turn) : throw new IOException($"{turn}"), CancellationToken.None));
        }

        Assert.Equal(50, done.Count);
        var failed = Assert.Throws<AggregateException>(() => attempts.ThrowIfAnyFailed("doing it"));
        Assert.StartsWith("50 times, doing it failed.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(20, failed.InnerExceptions.Count);

        Task Do(int turn)
        {
            done.Add(turn);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_single_failure_is_told_as_it_is_and_none_not_at_all()
    {
        var attempts = new Attempts();
        attempts.ThrowIfAnyFailed("it");
        var only = new IOException();
        await attempts.TryAsync(() => Task.FromException(only), CancellationToken.None);

        Assert.Same(only, Assert.Throws<IOException>(() => attempts.ThrowIfAnyFailed("it")));
    }

    [Fact]
    public async Task A_cancellation_is_no_failure_and_passes_through()
    {
        var attempts = new Attempts();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempts.TryAsync(
            async () =>
            {
                await stop.CancelAsync();
                stop.Token.ThrowIfCancellationRequested();
            },
            stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempts.TryAsync(() => throw new InvalidOperationException("not begun"), stop.Token));
        attempts.ThrowIfAnyFailed("it");
    }
}
