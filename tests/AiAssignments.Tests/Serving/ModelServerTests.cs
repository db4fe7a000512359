using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Serving.Support;

namespace AiAssignments.Tests.Serving;

public sealed class ModelServerTests : ModelServerFixture
{
    [Fact]
    public async Task A_batch_is_what_gathered_while_the_last_one_ran()
    {
        var runner = Models.Add("topic", "1");
        runner.Close();
        var first = AskAsync("topic", "5");
        await runner.EnteredAsync();
        var others = Enumerable.Range(0, 6).Select(i => AskAsync("topic", $"{i + 6}")).ToList();
        await QueuedAsync("topic", 6);

        runner.LetOneGo();
        await runner.EnteredAsync();
        runner.LetOneGo();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, 6], runner.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task Answers_are_each_callers_own_and_say_where_the_time_went()
    {
        Models.Add("topic", "1");

        var answers = await Task.WhenAll(Enumerable.Range(3, 20).Select(id => AskAsync("topic", $"{id}")));

        for (var i = 0; i < answers.Length; i++)
        {
            var logits = answers[i].Records[0].Prediction!.Logits!;
            Assert.Equal((1 + i + 3 + 2) / 10f, logits[0]);
            Assert.Equal(new ModelKey("topic", "1"), answers[i].Key);
            Assert.Equal(TimeSpan.FromMilliseconds(1), answers[i].Timing.Inference);
        }
    }

    [Fact]
    public async Task Concurrent_first_requests_load_once_and_answer_after_the_warm_up()
    {
        var runner = Models.Add("topic", "1");
        using var gate = new ManualResetEventSlim();
        Models.OnWarmUp = _ => gate.Wait(TimeSpan.FromSeconds(20));
        var asked = Enumerable.Range(0, 30).Select(_ => Task.Run(() => AskAsync("topic", "5"))).ToList();
        await StateAsync("topic", "1", ModelState.Loading);

        Assert.Empty(runner.Batches);
        gate.Set();
        await Task.WhenAll(asked);

        Assert.Single(Models.Loads);
    }

    [Fact]
    public async Task A_cancelled_request_leaves_before_inference_and_one_without_time_expires()
    {
        var runner = Models.Add("topic", "1");
        runner.Close();
        var first = AskAsync("topic", "5");
        await runner.EnteredAsync();
        using var source = new CancellationTokenSource();
        var cancelled = AskAsync("topic", "6", cancellationToken: source.Token);
        var late = AskAsync("topic", "7", timeout: TimeSpan.FromMilliseconds(100));
        await QueuedAsync("topic", 2);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal("deadline-exceeded", await CodeAsync(late));
        runner.Open();
        await first;

        Assert.Single(runner.Batches);
        Assert.Equal(0, (await Server.FindAsync("topic", null, default))!.QueuedRows);
    }

    [Fact]
    public async Task A_request_does_not_wait_for_a_load_longer_than_it_may()
    {
        Models.Add("topic", "1");
        using var gate = new ManualResetEventSlim();
        Models.OnLoad = _ => gate.Wait(TimeSpan.FromSeconds(20));
        var asked = AskAsync("topic", "5", timeout: TimeSpan.FromSeconds(2));
        await StateAsync("topic", "1", ModelState.Loading);

        Time.Advance(TimeSpan.FromSeconds(2));
        var code = await CodeAsync(asked);
        gate.Set();

        Assert.Equal("deadline-exceeded", code);
        await AskAsync("topic", "5");
    }

    [Fact]
    public async Task The_least_recently_used_idle_model_makes_room()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 200 });
        Models.Add("a", "1");
        Models.Add("b", "1");
        Models.Add("c", "1");
        foreach (var name in new[] { "a", "b", "a" })
        {
            await AskAsync(name, "5");
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await AskAsync("c", "5");

        Assert.Equal([new ModelKey("b", "1")], Models.Disposals);
        Assert.Equal(200, (await Server.ListAsync(default)).Sum(status => status.MemoryBytes));
        await AskAsync("b", "5");
    }

    [Fact]
    public async Task A_busy_model_is_not_unloaded_and_a_model_over_the_budget_is_refused()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 100 });
        var busy = Models.Add("a", "1");
        Models.Add("b", "1");
        busy.Close();
        var asked = AskAsync("a", "5");
        await busy.EnteredAsync();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => AskAsync("b", "5"));
        Assert.Equal("model-memory-full", refused.Problem.Code);
        Assert.NotNull(refused.RetryAfter);
        busy.Open();
        await asked;
        Models.Size = 101;
        Models.Add("c", "1");
        Assert.Equal("model-too-large", await CodeAsync(AskAsync("c", "5")));
    }

    [Fact]
    public async Task Nothing_is_unloaded_for_a_model_that_will_not_fit_all_the_same()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 200 });
        var busy = Models.Add("a", "1");
        Models.Add("b", "1");
        await AskAsync("b", "5");
        busy.Close();
        var asked = AskAsync("a", "5");
        await busy.EnteredAsync();
        Models.Size = 150;
        Models.Add("c", "1");

        Assert.Equal("model-memory-full", await CodeAsync(AskAsync("c", "5")));

        Assert.Empty(Models.Disposals);
        busy.Open();
        await asked;
    }

    [Fact]
    public async Task Requests_that_wait_for_a_load_are_refused_at_once_when_they_are_too_many()
    {
        Models.Add("topic", "1");
        using var loading = new SemaphoreSlim(0);
        Models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
        var waiting = Enumerable.Range(0, 256).Select(_ => AskAsync("topic", "5")).ToList();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => AskAsync("topic", "5"));

        Assert.Equal("queue-full", refused.Problem.Code);
        Assert.NotNull(refused.RetryAfter);
        loading.Release();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_trim_that_fails_holds_nothing()
    {
        Models.Add("topic", "1");
        await AskAsync("topic", "5");
        Models.OnShrink = _ => throw new InvalidOperationException("no such arena");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Server.TrimAsync(default));

        await Server.UnloadAsync("topic", null, default).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Single(Models.Disposals);
    }

    [Fact]
    public async Task Models_that_are_not_there_leave_no_trace()
    {
        Models.Add("topic", "1");
        Assert.Equal("model-not-found", await CodeAsync(AskAsync("absent", "5")));
        Assert.Equal("model-not-found", await CodeAsync(AskAsync("topic", "5", version: "9")));
        Assert.Equal("model-not-found", await CodeAsync(Server.LoadAsync("absent", null, default)));
        Assert.Null(await Server.FindAsync("topic", "9", default));
        Assert.Null(await Server.FindAsync("absent", null, default));
        Assert.Equal([new ModelKey("topic", "1")], (await Server.ListAsync(default)).Select(status => status.Key));
    }

    [Fact]
    public async Task A_trim_unloads_what_was_idle_for_a_while()
    {
        Models.Add("a", "1");
        Models.Add("b", "1");
        await AskAsync("a", "5");
        Time.Advance(TimeSpan.FromMinutes(2));
        await AskAsync("b", "5");

        var freed = await Server.TrimAsync(default);

        Assert.Equal([new ModelKey("a", "1")], freed.ModelsUnloaded);
        Assert.True(freed.ResidentBefore > 0 && freed.ManagedAfter > 0);
        await AskAsync("a", "5");
    }

    [Fact]
    public async Task Disposal_answers_what_was_taken_and_takes_nothing_more()
    {
        var runner = Models.Add("topic", "1");
        runner.Close();
        var asked = AskAsync("topic", "5");
        await runner.EnteredAsync();
        var waiting = AskAsync("topic", "6");
        await QueuedAsync("topic", 1);

        var disposing = Server.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AskAsync("topic", "7"));
        runner.Open();
        await Task.WhenAll(asked, waiting, disposing);

        Assert.Single(Models.Disposals);
    }

    [Fact]
    public async Task Requests_are_looked_at_before_anything_is_done_for_them()
    {
        await RemakeAsync(ModelServerOptions.Default with { QueueRows = 3, MostTextLength = 10, MostRequestBytes = 50 });
        var runner = Models.Add("topic", "1");

        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", new string('5', 11))));
        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", ["5", "6", "7", "8"])));
        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", ["5 5 5 5 5", "5 5 5 5 5", "5 5 5 5 5"])));
        Assert.Equal("record-task-mismatch", await CodeAsync(Server.PredictAsync("topic", null, [Packages.Words(0, "5")], ServeOptions.Default, default)));
        Assert.Equal("deadline-exceeded", await CodeAsync(AskAsync("topic", "5", timeout: TimeSpan.Zero)));
        Assert.Empty((await Server.PredictAsync("topic", null, [], ServeOptions.Default, default)).Records);
        Assert.Empty(runner.Batches);
        await AskAsync("topic", ["5", "6", "7"]);
    }

    [Theory]
    [InlineData(-1, 0.2, 0)]
    [InlineData(0, double.NaN, 0)]
    [InlineData(0, 0.2, 1001)]
    public void Options_out_of_range_are_named(int lanes, double padding, int delay)
    {
        var refused = Assert.Throws<ProblemException>(() => new ModelServer(Models, ModelServerOptions.Default with { Lanes = lanes, MostPadding = padding, MaxBatchDelay = TimeSpan.FromMilliseconds(delay) }));

        Assert.Equal("runtime-option", refused.Problem.Code);
    }
}
