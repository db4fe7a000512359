using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Serving.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Serving;

public sealed class ModelServerTests : IAsyncLifetime
{
    private readonly FakeModels models = new();
    private readonly FakeTimeProvider time = new();
    private ModelServer server = null!;

    public Task InitializeAsync()
    {
        server = Make();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var runner in models.Runners.Values)
        {
            runner.Open();
        }

        await server.DisposeAsync();
        models.Dispose();
    }

    [Fact]
    public async Task A_batch_is_what_gathered_while_the_last_one_ran()
    {
        var runner = models.Add("topic", "1");
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
        models.Add("topic", "1");

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
        var runner = models.Add("topic", "1");
        using var gate = new ManualResetEventSlim();
        models.OnWarmUp = _ => gate.Wait(TimeSpan.FromSeconds(20));
        var asked = Enumerable.Range(0, 30).Select(_ => Task.Run(() => AskAsync("topic", "5"))).ToList();
        await StateAsync("topic", "1", ModelState.Loading);

        Assert.Empty(runner.Batches);
        gate.Set();
        await Task.WhenAll(asked);

        Assert.Single(models.Loads);
    }

    [Fact]
    public async Task A_cancelled_request_leaves_before_inference_and_one_without_time_expires()
    {
        var runner = models.Add("topic", "1");
        runner.Close();
        var first = AskAsync("topic", "5");
        await runner.EnteredAsync();
        using var source = new CancellationTokenSource();
        var cancelled = AskAsync("topic", "6", cancellationToken: source.Token);
        var late = AskAsync("topic", "7", timeout: TimeSpan.FromMilliseconds(100));
        await QueuedAsync("topic", 2);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal("deadline-exceeded", await CodeAsync(late));
        runner.Open();
        await first;

        Assert.Single(runner.Batches);
        Assert.Equal(0, (await server.FindAsync("topic", null, default))!.QueuedRows);
    }

    [Fact]
    public async Task A_request_does_not_wait_for_a_load_longer_than_it_may()
    {
        models.Add("topic", "1");
        using var gate = new ManualResetEventSlim();
        models.OnLoad = _ => gate.Wait(TimeSpan.FromSeconds(20));
        var asked = AskAsync("topic", "5", timeout: TimeSpan.FromSeconds(2));
        await StateAsync("topic", "1", ModelState.Loading);

        time.Advance(TimeSpan.FromSeconds(2));
        var code = await CodeAsync(asked);
        gate.Set();

        Assert.Equal("deadline-exceeded", code);
        await AskAsync("topic", "5");
    }

    [Fact]
    public async Task A_new_version_takes_over_under_load_and_no_request_fails()
    {
        models.Add("topic", "1");
        models.Add("topic", "2", active: false);
        using var stop = new CancellationTokenSource();
        var answered = 0;
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var versions = new List<string>();
            while (!stop.IsCancellationRequested)
            {
                versions.Add((await AskAsync("topic", "5")).Key.Version);
                Interlocked.Increment(ref answered);
            }

            return versions;
        })).ToList();
        await UntilAsync(() => Volatile.Read(ref answered) > 100);

        models.Active["topic"] = "2";
        await server.LoadAsync("topic", null, default);
        Assert.Equal("2", (await AskAsync("topic", "5")).Key.Version);
        await UntilAsync(() => models.Disposals.Contains(new("topic", "1")));
        await stop.CancelAsync();

        // Each caller saw the old one, then the new one, and never the old one again.
        foreach (var versions in await Task.WhenAll(callers))
        {
            Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        }

        Assert.Equal([new ModelKey("topic", "1"), new ModelKey("topic", "2")], models.Loads);
    }

    [Fact]
    public async Task The_old_version_answers_what_it_has_taken_before_it_goes()
    {
        var old = models.Add("topic", "1");
        models.Add("topic", "2", active: false);
        old.Close();
        var asked = AskAsync("topic", "5");
        await old.EnteredAsync();
        models.Active["topic"] = "2";

        await server.LoadAsync("topic", null, default);

        Assert.Equal("2", (await AskAsync("topic", "5")).Key.Version);
        Assert.Equal(ModelState.Draining, (await server.FindAsync("topic", "1", default))!.State);
        Assert.Empty(models.Disposals);
        old.Open();
        Assert.Equal("1", (await asked).Key.Version);
        await StateAsync("topic", "1", ModelState.Available);
        Assert.Single(models.Disposals);
    }

    [Fact]
    public async Task A_failing_load_leaves_the_old_version_serving_and_shows_why()
    {
        models.Add("topic", "1");
        models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");
        models.Active["topic"] = "2";
        models.OnWarmUp = key => throw new ProblemException("model-output-mismatch", $"{key} is broken.");

        Assert.Equal("model-output-mismatch", await CodeAsync(server.LoadAsync("topic", null, default)));

        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);
        var failed = (await server.FindAsync("topic", "2", default))!;
        Assert.Equal((ModelState.Failed, "model-output-mismatch"), (failed.State, failed.Problem!.Code));
        Assert.Contains(new ModelKey("topic", "2"), models.Disposals);
    }

    [Fact]
    public async Task A_promotion_elsewhere_is_seen_after_a_while_and_loaded_beside_the_traffic()
    {
        models.Add("topic", "1");
        models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");
        models.Active["topic"] = "2";
        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);

        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);

        await StateAsync("topic", "2", ModelState.Ready);
        await UntilAsync(async () => (await AskAsync("topic", "5")).Key.Version == "2");
    }

    [Fact]
    public async Task A_failed_first_load_is_tried_again_after_a_pause_and_not_for_every_request()
    {
        models.Add("topic", "1");
        models.OnLoad = _ => throw new InvalidDataException("no such operator");
        Assert.Equal("model-load-failed", await CodeAsync(AskAsync("topic", "5")));
        Assert.Equal("model-load-failed", await CodeAsync(AskAsync("topic", "5")));
        Assert.Single(models.Loads);

        models.OnLoad = _ => { };
        time.Advance(TimeSpan.FromSeconds(10));

        await AskAsync("topic", "5");
    }

    [Fact]
    public async Task The_least_recently_used_idle_model_makes_room()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 200 });
        models.Add("a", "1");
        models.Add("b", "1");
        models.Add("c", "1");
        foreach (var name in new[] { "a", "b", "a" })
        {
            await AskAsync(name, "5");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await AskAsync("c", "5");

        Assert.Equal([new ModelKey("b", "1")], models.Disposals);
        Assert.Equal(200, (await server.ListAsync(default)).Sum(status => status.MemoryBytes));
        await AskAsync("b", "5");
    }

    [Fact]
    public async Task A_busy_model_is_not_unloaded_and_a_model_over_the_budget_is_refused()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 100 });
        var busy = models.Add("a", "1");
        models.Add("b", "1");
        busy.Close();
        var asked = AskAsync("a", "5");
        await busy.EnteredAsync();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => AskAsync("b", "5"));
        Assert.Equal("model-memory-full", refused.Problem.Code);
        Assert.NotNull(refused.RetryAfter);
        busy.Open();
        await asked;
        models.Size = 101;
        models.Add("c", "1");
        Assert.Equal("model-too-large", await CodeAsync(AskAsync("c", "5")));
    }

    [Fact]
    public async Task Unloaded_models_answer_again_only_after_a_load()
    {
        models.Add("topic", "1");
        models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");

        await server.UnloadAsync("topic", null, default);

        Assert.Single(models.Disposals);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5")));
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "2")));
        Assert.All(await server.ListAsync(default), status => Assert.Equal(ModelState.Unloaded, status.State));
        await server.LoadAsync("topic", null, default);
        await AskAsync("topic", "5");
        Assert.Equal("model-not-found", await CodeAsync(server.UnloadAsync("absent", null, default)));
    }

    [Fact]
    public async Task A_load_of_the_name_brings_back_all_versions_but_those_unloaded_by_themselves()
    {
        models.Add("topic", "1", active: false);
        models.Add("topic", "2", active: false);
        models.Add("topic", "3");
        await AskAsync("topic", "5");
        await AskAsync("topic", "5", version: "1");
        await AskAsync("topic", "5", version: "2");
        await server.UnloadAsync("topic", "2", default);
        await server.UnloadAsync("topic", null, default);

        await server.LoadAsync("topic", null, default);

        Assert.Equal("1", (await AskAsync("topic", "5", version: "1")).Key.Version);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "2")));
        await server.UnloadAsync("topic", null, default);
        await server.LoadAsync("topic", "3", default);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "1")));
    }

    [Fact]
    public async Task A_version_whose_content_changed_is_loaded_beside_itself_and_the_old_one_drains()
    {
        var old = models.Add("topic", "1");
        old.Close();
        var before = AskAsync("topic", "5");
        await old.EnteredAsync();
        var hash = (await server.FindAsync("topic", null, default))!.ContentHash;

        await server.LoadAsync("topic", null, default);
        Assert.Single(models.Loads);

        var fresh = models.Replace("topic", "1", "xxh128:another");
        await Task.WhenAll(server.LoadAsync("topic", null, default), server.LoadAsync("topic", "1", default));
        await AskAsync("topic", "6");

        Assert.Single(fresh.Batches);
        Assert.Single(old.Batches);
        Assert.Empty(models.Disposals);
        var status = (await server.FindAsync("topic", null, default))!;
        Assert.NotEqual(hash, status.ContentHash);
        Assert.Equal(("xxh128:another", ModelState.Ready), (status.ContentHash, status.State));
        old.Open();
        await before;
        await UntilAsync(() => models.Disposals.Count == 1);
        Assert.Equal(2, models.Loads.Count);
        Assert.Equal(2, Assert.Single((await server.FindAsync("topic", null, default))!.Batches).Count);
    }

    [Fact]
    public async Task A_changed_content_that_cannot_be_loaded_leaves_the_old_one_serving()
    {
        var old = models.Add("topic", "1");
        await AskAsync("topic", "5");
        models.Replace("topic", "1", "xxh128:broken");
        models.OnLoad = _ => throw new InvalidOperationException("It is broken.");

        Assert.Equal("model-load-failed", await CodeAsync(server.LoadAsync("topic", null, default)));

        await AskAsync("topic", "6");
        Assert.Equal(2, old.Batches.Count);
        var status = (await server.FindAsync("topic", null, default))!;
        Assert.Equal((ModelState.Ready, "model-load-failed"), (status.State, status.Problem!.Code));
        models.OnLoad = _ => { };
        await server.LoadAsync("topic", null, default);
        await UntilAsync(() => models.Disposals.Count == 1);
        Assert.Null((await server.FindAsync("topic", null, default))!.Problem);
    }

    [Fact]
    public async Task An_unload_while_changed_content_is_loaded_holds_no_second_copy()
    {
        models.Add("topic", "1");
        await AskAsync("topic", "5");
        models.Replace("topic", "1", "xxh128:another");
        using var loading = new SemaphoreSlim(0);
        models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
        using var cancel = new CancellationTokenSource();
        var load = server.LoadAsync("topic", null, cancel.Token);
        await UntilAsync(() => models.Loads.Count == 2);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        await server.UnloadAsync("topic", null, default);
        loading.Release(10);

        await UntilAsync(() => models.Disposals.Count == 2);
        Assert.Equal(ModelState.Unloaded, (await server.FindAsync("topic", null, default))!.State);
    }

    [Fact]
    public async Task What_was_deleted_and_comes_again_answers_again()
    {
        models.Add("topic", "1");
        await AskAsync("topic", "5");
        models.Remove("topic");
        await server.UnloadAsync("topic", "1", default);
        Assert.Empty(await server.ListAsync(default));

        models.Add("topic", "1");

        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);
        Assert.Equal(2, models.Loads.Count);
    }

    [Fact]
    public async Task A_load_that_follows_an_unload_wins_also_while_the_version_is_being_loaded()
    {
        models.Add("topic", "1");
        using var loading = new SemaphoreSlim(0);
        models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
        var asked = AskAsync("topic", "5");
        await UntilAsync(() => Task.FromResult(!models.Loads.IsEmpty));
        var unloading = server.UnloadAsync("topic", "1", default);
        var loaded = server.LoadAsync("topic", "1", default);

        loading.Release(10);

        await Task.WhenAll(asked, unloading, loaded);
        Assert.Equal(ModelState.Ready, Assert.Single(await server.ListAsync(default)).State);
    }

    [Fact]
    public async Task Nothing_is_unloaded_for_a_model_that_will_not_fit_all_the_same()
    {
        await RemakeAsync(ModelServerOptions.Default with { MemoryBytes = 200 });
        var busy = models.Add("a", "1");
        models.Add("b", "1");
        await AskAsync("b", "5");
        busy.Close();
        var asked = AskAsync("a", "5");
        await busy.EnteredAsync();
        models.Size = 150;
        models.Add("c", "1");

        Assert.Equal("model-memory-full", await CodeAsync(AskAsync("c", "5")));

        Assert.Empty(models.Disposals);
        busy.Open();
        await asked;
    }

    [Fact]
    public async Task Requests_that_wait_for_a_load_are_refused_at_once_when_they_are_too_many()
    {
        models.Add("topic", "1");
        using var loading = new SemaphoreSlim(0);
        models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
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
        models.Add("topic", "1");
        await AskAsync("topic", "5");
        models.OnShrink = _ => throw new InvalidOperationException("no such arena");
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.TrimAsync(default));

        await server.UnloadAsync("topic", null, default).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Single(models.Disposals);
    }

    [Fact]
    public async Task A_version_that_is_being_unloaded_takes_nothing_more()
    {
        var runner = models.Add("topic", "1");
        runner.Close();
        var asked = AskAsync("topic", "5");
        await runner.EnteredAsync();
        var unloading = server.UnloadAsync("topic", "1", default);
        await StateAsync("topic", "1", ModelState.Draining);

        Assert.Equal("model-draining", await CodeAsync(AskAsync("topic", "5")));
        Assert.False(unloading.IsCompleted);
        runner.Open();
        await asked;
        await unloading;
    }

    [Fact]
    public async Task Models_that_are_not_there_leave_no_trace()
    {
        models.Add("topic", "1");
        Assert.Equal("model-not-found", await CodeAsync(AskAsync("absent", "5")));
        Assert.Equal("model-not-found", await CodeAsync(AskAsync("topic", "5", version: "9")));
        Assert.Equal("model-not-found", await CodeAsync(server.LoadAsync("absent", null, default)));
        Assert.Null(await server.FindAsync("topic", "9", default));
        Assert.Null(await server.FindAsync("absent", null, default));
        Assert.Equal([new ModelKey("topic", "1")], (await server.ListAsync(default)).Select(status => status.Key));
    }

    [Fact]
    public async Task A_model_that_is_deleted_goes_when_the_source_is_asked_again()
    {
        models.Add("topic", "1");
        await AskAsync("topic", "5");
        models.Remove("topic");
        time.Advance(TimeSpan.FromSeconds(6));
        await AskAsync("topic", "5");

        await UntilAsync(() => models.Disposals.Count == 1);

        Assert.Equal("model-not-found", await CodeAsync(AskAsync("topic", "5")));
    }

    [Fact]
    public async Task A_trim_unloads_what_was_idle_for_a_while()
    {
        models.Add("a", "1");
        models.Add("b", "1");
        await AskAsync("a", "5");
        time.Advance(TimeSpan.FromMinutes(2));
        await AskAsync("b", "5");

        var freed = await server.TrimAsync(default);

        Assert.Equal([new ModelKey("a", "1")], freed.ModelsUnloaded);
        Assert.True(freed.ResidentBefore > 0 && freed.ManagedAfter > 0);
        await AskAsync("a", "5");
    }

    [Fact]
    public async Task Disposal_answers_what_was_taken_and_takes_nothing_more()
    {
        var runner = models.Add("topic", "1");
        runner.Close();
        var asked = AskAsync("topic", "5");
        await runner.EnteredAsync();
        var waiting = AskAsync("topic", "6");
        await QueuedAsync("topic", 1);

        var disposing = server.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AskAsync("topic", "7"));
        runner.Open();
        await Task.WhenAll(asked, waiting, disposing);

        Assert.Single(models.Disposals);
    }

    [Fact]
    public async Task Requests_are_looked_at_before_anything_is_done_for_them()
    {
        await RemakeAsync(ModelServerOptions.Default with { QueueRows = 3, MostTextLength = 10, MostRequestBytes = 50 });
        var runner = models.Add("topic", "1");

        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", new string('5', 11))));
        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", ["5", "6", "7", "8"])));
        Assert.Equal("request-too-large", await CodeAsync(AskAsync("topic", ["5 5 5 5 5", "5 5 5 5 5", "5 5 5 5 5"])));
        Assert.Equal("record-task-mismatch", await CodeAsync(server.PredictAsync("topic", null, [Packages.Words(0, "5")], ServeOptions.Default, default)));
        Assert.Equal("deadline-exceeded", await CodeAsync(AskAsync("topic", "5", timeout: TimeSpan.Zero)));
        Assert.Empty((await server.PredictAsync("topic", null, [], ServeOptions.Default, default)).Records);
        Assert.Empty(runner.Batches);
        await AskAsync("topic", ["5", "6", "7"]);
    }

    [Theory]
    [InlineData(-1, 0.2, 0)]
    [InlineData(0, double.NaN, 0)]
    [InlineData(0, 0.2, 1001)]
    public void Options_out_of_range_are_named(int lanes, double padding, int delay)
    {
        var refused = Assert.Throws<ProblemException>(() => new ModelServer(models, ModelServerOptions.Default with { Lanes = lanes, MostPadding = padding, MaxBatchDelay = TimeSpan.FromMilliseconds(delay) }));

        Assert.Equal("runtime-option", refused.Problem.Code);
    }

    private ModelServer Make(ModelServerOptions? options = null) => new(models, (options ?? ModelServerOptions.Default) with { Lanes = 2, Time = time }, models);

    private async Task RemakeAsync(ModelServerOptions options)
    {
        await server.DisposeAsync();
        server = Make(options);
    }

    private Task<ServedPredictions> AskAsync(string name, string text, string? version = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        server.PredictAsync(name, version, [Packages.Text(0, text)], new() { Logits = true, Timeout = timeout }, cancellationToken);

    private Task<ServedPredictions> AskAsync(string name, string[] texts) =>
        server.PredictAsync(name, null, [.. texts.Select((text, i) => (DatasetRecord)Packages.Text(i, text))], ServeOptions.Default, default);

    private static async Task<string> CodeAsync(Task task) => (await Assert.ThrowsAsync<ProblemException>(() => task)).Problem.Code;

    private Task QueuedAsync(string name, int rows) => UntilAsync(async () => (await server.FindAsync(name, null, default))!.QueuedRows == rows);

    private Task StateAsync(string name, string version, ModelState state) => UntilAsync(async () => (await server.FindAsync(name, version, default))?.State == state);

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    // Waits for another thread to come so far; the test's outcome does not depend on how long that takes.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 4000, "It did not come so far in 20 s.");
            await Task.Delay(5);
        }
    }
}
