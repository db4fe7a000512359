using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Predictions;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Caching;

public sealed class StampedeTests
{
    [Fact]
    public async Task A_thousand_who_ask_the_same_at_once_run_the_model_once()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture);

        // The first half has asked when this line is done, the other half asks from many threads.
        var asked = Enumerable.Range(0, 500).Select(_ => fixture.AskAsync("a")).ToList();
        asked.AddRange(Enumerable.Range(0, 500).Select(_ => Task.Run(() => fixture.AskAsync("a"))));
        await gate.Reached(1);
        gate.Open();
        var results = await Task.WhenAll(asked);
        Assert.All(results, result => Assert.Equal("a-0", result.Answers[0].Labels![0].Label));
        Assert.Equal(1, fixture.Inner.CallCount);
    }

    [Fact]
    public async Task A_storm_of_overlapping_lists_asks_for_each_input_once()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        fixture.Inner.Gate = _ => Task.Delay(1);
        await Task.WhenAll(Enumerable.Range(0, 400).Select(request => Task.Run(async () =>
        {
            var texts = Enumerable.Range(0, 5).Select(i => $"t{(request + (i * 7)) % 50}").ToArray();
            var result = await fixture.AskAsync(texts);
            Assert.Equal(texts.Select(text => text + "-0"), result.Answers.Select(answer => answer.Labels![0].Label));
        })));
        var sent = fixture.Inner.Calls.SelectMany(call => call.Texts).ToList();
        Assert.Equal((50, 50), (sent.Count, sent.Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public async Task A_list_waits_for_what_is_under_way_and_sends_the_rest()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture);
        var first = fixture.AskAsync("x", "y");
        await gate.Reached(1);
        var second = fixture.AskAsync("y", "z");
        await gate.Reached(2);
        gate.Open();
        Assert.Equal(["x-0", "y-0"], (await first).Answers.Select(answer => answer.Labels![0].Label));
        Assert.Equal(["y-0", "z-0"], (await second).Answers.Select(answer => answer.Labels![0].Label));
        Assert.Equal([["x", "y"], ["z"]], fixture.Inner.Calls.Select(call => call.Texts));
    }

    [Fact]
    public async Task A_full_queue_is_said_to_all_who_waited_and_not_kept()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture, () => throw new ProblemException("queue-full", "full") { RetryAfter = TimeSpan.FromSeconds(2) });
        var asked = Enumerable.Range(0, 50).Select(_ => fixture.AskAsync("a")).ToList();
        await gate.Reached(1);
        gate.Open();
        foreach (var one in asked)
        {
            var full = await Assert.ThrowsAsync<ProblemException>(() => one);
            Assert.Equal(("queue-full", TimeSpan.FromSeconds(2)), (full.Problem.Code, full.RetryAfter));
        }

        Assert.Equal(1, fixture.Inner.CallCount);
        fixture.Inner.Gate = _ => Task.CompletedTask;
        Assert.Equal(0, (await fixture.AskAsync("a")).Cached);
    }

    [Fact]
    public async Task The_first_to_ask_may_leave_without_harm_to_the_others()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture);
        using var leaving = new CancellationTokenSource();
        var first = fixture.AskAsync(PredictionOptions.Default, null, ["a"], leaving.Token);
        await gate.Reached(1);
        var second = fixture.AskAsync("a");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(fixture.Inner.Calls[0].Token.IsCancellationRequested);
        gate.Open();
        Assert.Equal("a-0", (await second).Answers[0].Labels![0].Label);
        Assert.Equal(1, fixture.Inner.CallCount);
    }

    [Fact]
    public async Task When_all_have_left_the_model_is_told_and_the_next_to_ask_starts_anew()
    {
        using var fixture = await CacheFixture.WithModelAsync();

        // Which version is active is known from then on, and who asks has joined when the call returns.
        await fixture.AskAsync("known");
        fixture.Inner.Gate = call => Task.Delay(Timeout.Infinite, call.Token);
        using var leaving = new CancellationTokenSource();
        var first = fixture.AskAsync(PredictionOptions.Default, null, ["a"], leaving.Token);
        var second = fixture.AskAsync(PredictionOptions.Default, null, ["a"], leaving.Token);
        await Eventually.HoldsAsync(() => fixture.Inner.CallCount == 2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.True(Assert.Single(fixture.Inner.Calls, call => call.Texts is ["a"]).Token.IsCancellationRequested);
        fixture.Inner.Gate = _ => Task.CompletedTask;
        Assert.Equal(0, (await fixture.AskAsync("a")).Cached);
        Assert.Equal(1, (await fixture.AskAsync("a")).Cached);
    }

    [Fact]
    public async Task Anothers_bad_input_is_not_mine()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture);
        PredictionInput[] inputs = [PredictionInput.OfText("a", null), new PredictionInput(null, null, null)];
        var bad = fixture.Predictor.PredictAsync("m", null, inputs, PredictionOptions.Default, CancellationToken.None);
        await gate.Reached(1);
        var good = fixture.AskAsync("a");
        gate.Open();
        await Assert.ThrowsAsync<ProblemException>(() => bad);
        Assert.Equal("a-0", (await good).Answers[0].Labels![0].Label);
    }

    [Fact]
    public async Task Anothers_shorter_patience_is_not_mine()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var gate = Gate(fixture, () => fixture.Inner.CallCount == 1 ? throw new ProblemException("deadline-exceeded", "late") : Task.CompletedTask);
        var hasty = fixture.AskAsync(new PredictionOptions { Timeout = TimeSpan.FromMilliseconds(1) }, null, ["a"], CancellationToken.None);
        await gate.Reached(1);
        var patient = fixture.AskAsync("a");
        gate.Open();
        Assert.Equal("deadline-exceeded", (await Assert.ThrowsAsync<ProblemException>(() => hasty)).Problem.Code);
        Assert.Equal("a-0", (await patient).Answers[0].Labels![0].Label);
    }

    [Fact]
    public async Task My_patience_ends_when_I_said_also_where_another_waits_longer()
    {
        var time = new FakeTimeProvider();
        using var fixture = await CacheFixture.WithModelAsync(time: time);
        var gate = Gate(fixture);
        var patient = fixture.AskAsync("a");
        await gate.Reached(1);
        var hasty = fixture.AskAsync(new PredictionOptions { Timeout = TimeSpan.FromMilliseconds(50) }, null, ["a"], CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(hasty.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("deadline-exceeded", (await Assert.ThrowsAsync<ProblemException>(() => hasty)).Problem.Code);
        gate.Open();
        Assert.Equal("a-0", (await patient).Answers[0].Labels![0].Label);
    }

    [Fact]
    public async Task Two_versions_asked_for_at_once_are_two_runs()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.RegisterAsync("m", "2", active: false);
        var gate = Gate(fixture);
        var one = fixture.AskAsync("a");
        var two = fixture.AskAsync(PredictionOptions.Default, "2", ["a"], CancellationToken.None);
        await gate.Reached(2);
        gate.Open();
        Assert.Equal(("1", "2"), ((await one).Model.Version, (await two).Model.Version));
    }

    private static Gated Gate(CacheFixture fixture, Func<Task>? then = null)
    {
        var gate = new Gated(fixture.Inner);
        fixture.Inner.Gate = async _ =>
        {
            await gate.Opened;
            await (then?.Invoke() ?? Task.CompletedTask);
        };
        return gate;
    }

    private sealed class Gated(ScriptedPredictor inner)
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Opened => opened.Task;

        public void Open() => opened.TrySetResult();

        public Task Reached(int calls) => Eventually.HoldsAsync(() => inner.CallCount >= calls);
    }
}
