using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.Serving.Support;

namespace AiAssignments.Tests.Serving;

public sealed class ServedVersionTests : ModelServerFixture
{
    [Fact]
    public async Task A_new_version_takes_over_under_load_and_no_request_fails()
    {
        Models.Add("topic", "1");
        Models.Add("topic", "2", active: false);
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

        Models.Active["topic"] = "2";
        await Server.LoadAsync("topic", null, default);
        Assert.Equal("2", (await AskAsync("topic", "5")).Key.Version);
        await UntilAsync(() => Models.Disposals.Contains(new("topic", "1")));
        await stop.CancelAsync();

        // Each caller saw the old one, then the new one, and never the old one again.
        foreach (var versions in await Task.WhenAll(callers))
        {
            Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        }

        Assert.Equal([new ModelKey("topic", "1"), new ModelKey("topic", "2")], Models.Loads);
    }

    [Fact]
    public async Task The_old_version_answers_what_it_has_taken_before_it_goes()
    {
        var old = Models.Add("topic", "1");
        Models.Add("topic", "2", active: false);
        old.Close();
        var asked = AskAsync("topic", "5");
        await old.EnteredAsync();
        Models.Active["topic"] = "2";

        await Server.LoadAsync("topic", null, default);

        Assert.Equal("2", (await AskAsync("topic", "5")).Key.Version);
        Assert.Equal(ModelState.Draining, (await Server.FindAsync("topic", "1", default))!.State);
        Assert.Empty(Models.Disposals);
        old.Open();
        Assert.Equal("1", (await asked).Key.Version);
        await StateAsync("topic", "1", ModelState.Available);
        Assert.Single(Models.Disposals);
    }

    [Fact]
    public async Task A_failing_load_leaves_the_old_version_serving_and_shows_why()
    {
        Models.Add("topic", "1");
        Models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");
        Models.Active["topic"] = "2";
        Models.OnWarmUp = key => throw new ProblemException("model-output-mismatch", $"{key} is broken.");

        Assert.Equal("model-output-mismatch", await CodeAsync(Server.LoadAsync("topic", null, default)));

        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);
        var failed = (await Server.FindAsync("topic", "2", default))!;
        Assert.Equal((ModelState.Failed, "model-output-mismatch"), (failed.State, failed.Problem!.Code));
        Assert.Contains(new ModelKey("topic", "2"), Models.Disposals);
    }

    [Fact]
    public async Task A_promotion_elsewhere_is_seen_after_a_while_and_loaded_beside_the_traffic()
    {
        Models.Add("topic", "1");
        Models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");
        Models.Active["topic"] = "2";
        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);

        Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);

        await StateAsync("topic", "2", ModelState.Ready);
        await UntilAsync(async () => (await AskAsync("topic", "5")).Key.Version == "2");
    }

    [Fact]
    public async Task A_failed_first_load_is_tried_again_after_a_pause_and_not_for_every_request()
    {
        Models.Add("topic", "1");
        Models.OnLoad = _ => throw new InvalidDataException("no such operator");
        Assert.Equal("model-load-failed", await CodeAsync(AskAsync("topic", "5")));
        Assert.Equal("model-load-failed", await CodeAsync(AskAsync("topic", "5")));
        Assert.Single(Models.Loads);

        Models.OnLoad = _ => { };
        Time.Advance(TimeSpan.FromSeconds(10));

        await AskAsync("topic", "5");
    }

    [Fact]
    public async Task Unloaded_models_answer_again_only_after_a_load()
    {
        Models.Add("topic", "1");
        Models.Add("topic", "2", active: false);
        await AskAsync("topic", "5");

        await Server.UnloadAsync("topic", null, default);

        Assert.Single(Models.Disposals);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5")));
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "2")));
        Assert.All(await Server.ListAsync(default), status => Assert.Equal(ModelState.Unloaded, status.State));
        await Server.LoadAsync("topic", null, default);
        await AskAsync("topic", "5");
        Assert.Equal("model-not-found", await CodeAsync(Server.UnloadAsync("absent", null, default)));
    }

    [Fact]
    public async Task A_load_of_the_name_brings_back_all_versions_but_those_unloaded_by_themselves()
    {
        Models.Add("topic", "1", active: false);
        Models.Add("topic", "2", active: false);
        Models.Add("topic", "3");
        await AskAsync("topic", "5");
        await AskAsync("topic", "5", version: "1");
        await AskAsync("topic", "5", version: "2");
        await Server.UnloadAsync("topic", "2", default);
        await Server.UnloadAsync("topic", null, default);

        await Server.LoadAsync("topic", null, default);

        Assert.Equal("1", (await AskAsync("topic", "5", version: "1")).Key.Version);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "2")));
        await Server.UnloadAsync("topic", null, default);
        await Server.LoadAsync("topic", "3", default);
        Assert.Equal("model-unloaded", await CodeAsync(AskAsync("topic", "5", version: "1")));
    }

    [Fact]
    public async Task A_version_whose_content_changed_is_loaded_beside_itself_and_the_old_one_drains()
    {
        var old = Models.Add("topic", "1");
        old.Close();
        var before = AskAsync("topic", "5");
        await old.EnteredAsync();
        var hash = (await Server.FindAsync("topic", null, default))!.ContentHash;

        await Server.LoadAsync("topic", null, default);
        Assert.Single(Models.Loads);

        var fresh = Models.Replace("topic", "1", "xxh128:another");
        await Task.WhenAll(Server.LoadAsync("topic", null, default), Server.LoadAsync("topic", "1", default));
        await AskAsync("topic", "6");

        Assert.Single(fresh.Batches);
        Assert.Single(old.Batches);
        Assert.Empty(Models.Disposals);
        var status = (await Server.FindAsync("topic", null, default))!;
        Assert.NotEqual(hash, status.ContentHash);
        Assert.Equal(("xxh128:another", ModelState.Ready), (status.ContentHash, status.State));
        old.Open();
        await before;
        await UntilAsync(() => Models.Disposals.Count == 1);
        Assert.Equal(2, Models.Loads.Count);
        Assert.Equal(2, Assert.Single((await Server.FindAsync("topic", null, default))!.Batches).Count);
    }

    [Fact]
    public async Task A_changed_content_that_cannot_be_loaded_leaves_the_old_one_serving()
    {
        var old = Models.Add("topic", "1");
        await AskAsync("topic", "5");
        Models.Replace("topic", "1", "xxh128:broken");
        Models.OnLoad = _ => throw new InvalidOperationException("It is broken.");

        Assert.Equal("model-load-failed", await CodeAsync(Server.LoadAsync("topic", null, default)));

        await AskAsync("topic", "6");
        Assert.Equal(2, old.Batches.Count);
        var status = (await Server.FindAsync("topic", null, default))!;
        Assert.Equal((ModelState.Ready, "model-load-failed"), (status.State, status.Problem!.Code));
        Models.OnLoad = _ => { };
        await Server.LoadAsync("topic", null, default);
        await UntilAsync(() => Models.Disposals.Count == 1);
        Assert.Null((await Server.FindAsync("topic", null, default))!.Problem);
    }

    [Fact]
    public async Task An_unload_while_changed_content_is_loaded_holds_no_second_copy()
    {
        Models.Add("topic", "1");
        await AskAsync("topic", "5");
        Models.Replace("topic", "1", "xxh128:another");
        using var loading = new SemaphoreSlim(0);
        Models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
        using var cancel = new CancellationTokenSource();
        var load = Server.LoadAsync("topic", null, cancel.Token);
        await UntilAsync(() => Models.Loads.Count == 2);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        await Server.UnloadAsync("topic", null, default);
        loading.Release(10);

        await UntilAsync(() => Models.Disposals.Count == 2);
        Assert.Equal(ModelState.Unloaded, (await Server.FindAsync("topic", null, default))!.State);
    }

    [Fact]
    public async Task What_was_deleted_and_comes_again_answers_again()
    {
        Models.Add("topic", "1");
        await AskAsync("topic", "5");
        Models.Remove("topic");
        await Server.UnloadAsync("topic", "1", default);
        Assert.Empty(await Server.ListAsync(default));

        Models.Add("topic", "1");

        Assert.Equal("1", (await AskAsync("topic", "5")).Key.Version);
        Assert.Equal(2, Models.Loads.Count);
    }

    [Fact]
    public async Task A_load_that_follows_an_unload_wins_also_while_the_version_is_being_loaded()
    {
        Models.Add("topic", "1");
        using var loading = new SemaphoreSlim(0);
        Models.OnLoad = _ => Assert.True(loading.Wait(TimeSpan.FromSeconds(20)));
        var asked = AskAsync("topic", "5");
        await UntilAsync(() => Task.FromResult(!Models.Loads.IsEmpty));
        var unloading = Server.UnloadAsync("topic", "1", default);
        var loaded = Server.LoadAsync("topic", "1", default);

        loading.Release(10);

        await Task.WhenAll(asked, unloading, loaded);
        Assert.Equal(ModelState.Ready, Assert.Single(await Server.ListAsync(default)).State);
    }

    [Fact]
    public async Task A_version_that_is_being_unloaded_takes_nothing_more()
    {
        var runner = Models.Add("topic", "1");
        runner.Close();
        var asked = AskAsync("topic", "5");
        await runner.EnteredAsync();
        var unloading = Server.UnloadAsync("topic", "1", default);
        await StateAsync("topic", "1", ModelState.Draining);

        Assert.Equal("model-draining", await CodeAsync(AskAsync("topic", "5")));
        Assert.False(unloading.IsCompleted);
        runner.Open();
        await asked;
        await unloading;
    }

    [Fact]
    public async Task A_model_that_is_deleted_goes_when_the_source_is_asked_again()
    {
        Models.Add("topic", "1");
        await AskAsync("topic", "5");
        Models.Remove("topic");
        Time.Advance(TimeSpan.FromSeconds(6));
        await AskAsync("topic", "5");

        await UntilAsync(() => Models.Disposals.Count == 1);

        Assert.Equal("model-not-found", await CodeAsync(AskAsync("topic", "5")));
    }
}
