using System.Diagnostics.Metrics;
using AiAssignments.Core.Telemetry;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Models;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Caching;

public sealed class QueryCacheTests
{
    [Theory]
    [InlineData(CacheTags.Models)]
    [InlineData(CacheTags.Datasets)]
    [InlineData(CacheTags.Evaluations)]
    public async Task A_write_makes_the_results_of_its_container_invalid_and_no_others(string container)
    {
        using var fixture = new CacheFixture();
        var made = new Dictionary<string, int>();
        string[] tags = [CacheTags.Models, CacheTags.Datasets, CacheTags.Evaluations];
        await AskAllAsync();
        await AskAllAsync();
        Assert.All(made.Values, count => Assert.Equal(1, count));

        await fixture.Documents.PutAsync(container, Containers.Partition, "x", 1, null, CancellationToken.None);
        await AskAllAsync();
        Assert.All(made, pair => Assert.Equal(pair.Key == container || pair.Key == "all" ? 2 : 1, pair.Value));

        await fixture.Documents.DeleteAsync(container, Containers.Partition, "x", CancellationToken.None);
        await AskAllAsync();
        Assert.All(made, pair => Assert.Equal(pair.Key == container || pair.Key == "all" ? 3 : 1, pair.Value));

        async Task AskAllAsync()
        {
            foreach (var tag in tags)
            {
                await AskAsync(tag, [tag]);
            }

            await AskAsync("all", tags);
        }

        async Task AskAsync(string key, string[] about) => await fixture.Caches.Queries.GetOrSetAsync(
            key,
            about,
            _ =>
            {
                made[key] = made.GetValueOrDefault(key) + 1;
                return Task.FromResult(made[key]);
            },
            CancellationToken.None);
    }

    [Fact]
    public async Task A_write_that_loses_its_race_invalidates_too()
    {
        using var fixture = new CacheFixture();
        var made = 0;
        await AskAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => fixture.Documents.PutAsync(CacheTags.Models, Containers.Partition, "x", 1, "no-such-etag", CancellationToken.None));
        await AskAsync();
        Assert.Equal(2, made);

        ValueTask<int> AskAsync() => fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(++made), CancellationToken.None);
    }

    [Fact]
    public async Task A_result_whose_making_began_before_the_change_is_not_kept()
    {
        using var fixture = new CacheFixture();
        var reading = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => reading.Task, CancellationToken.None).AsTask();
        await fixture.Caches.Queries.InvalidateAsync(CacheTags.Models);
        reading.SetResult("old");
        Assert.Equal("old", await slow);
        Assert.Equal("new", await fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult("new"), CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_asks_the_store()
    {
        using var fixture = new CacheFixture();
        var made = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await fixture.Caches.Queries.GetOrSetAsync(
            "k",
            [CacheTags.Models],
            async _ =>
            {
                await gate.Task;
                return Interlocked.Increment(ref made);
            },
            CancellationToken.None))).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), result => Assert.Equal(1, result));
    }

    [Fact]
    public async Task Failures_and_results_of_overlong_questions_are_not_kept()
    {
        using var fixture = new CacheFixture();
        var queries = fixture.Caches.Queries;
        await Assert.ThrowsAsync<IOException>(async () => await queries.GetOrSetAsync<int>("k", [CacheTags.Models], _ => throw new IOException(), CancellationToken.None));
        Assert.Equal(1, await queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(1), CancellationToken.None));

        var longKey = new string('k', 1001);
        Assert.Equal(1, await queries.GetOrSetAsync(longKey, [CacheTags.Models], _ => Task.FromResult(1), CancellationToken.None));
        Assert.Equal(2, await queries.GetOrSetAsync(longKey, [CacheTags.Models], _ => Task.FromResult(2), CancellationToken.None));
    }

    [Fact]
    public async Task Results_end_with_their_lifetime()
    {
        using var fixture = new CacheFixture(options: new CacheOptions { QueryLifetime = TimeSpan.FromMilliseconds(200) });
        var made = 0;
        await Eventually.HoldsAsync(async () => await fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(++made), CancellationToken.None) == 2);
    }

    [Fact]
    public async Task Look_ups_are_counted_by_cache_level_and_result()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        using var listener = new MeterListener();
        var counted = new Dictionary<string, long>();
        var here = new AsyncLocal<bool> { Value = true };
        listener.InstrumentPublished = (instrument, who) =>
        {
            if (ReferenceEquals(instrument, Instruments.CacheLookups))
            {
                who.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (here.Value)
            {
                var key = string.Join(' ', tags.ToArray().Select(tag => tag.Value));
                lock (counted)
                {
                    counted[key] = counted.GetValueOrDefault(key) + value;
                }
            }
        });
        listener.Start();
        await fixture.AskAsync("a", "b");
        await fixture.AskAsync("a", "c");
        await fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(1), CancellationToken.None);
        await fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(1), CancellationToken.None);
        await fixture.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult(1), CancellationToken.None);
        Assert.Equal((1, 3), (counted["predictions memory hit"], counted["predictions memory miss"]));
        Assert.Equal(2, counted["queries memory hit"]);
        Assert.True(counted["queries memory miss"] >= 1);
        Assert.DoesNotContain(counted.Keys, key => key.Contains("redis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_pipelines_own_writes_invalidate()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var queries = fixture.Runtime.Caches.Queries;
        Assert.Empty(await ModelsAsync());
        var model = await fixture.ModelAsync("topic");
        Assert.Null(Assert.Single(await ModelsAsync()).Quality);
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var job = await fixture.EvaluateAsync(model, dataset, new Core.Evaluations.EvaluationOptions { BootstrapSamples = 100 });
        Assert.NotNull(Assert.Single(await ModelsAsync()).Quality);
        await fixture.Runtime.Evaluations.DeleteAsync(job.Id, CancellationToken.None);
        Assert.Null(Assert.Single(await ModelsAsync()).Quality);

        ValueTask<IReadOnlyList<ModelVersion>> ModelsAsync() =>
            queries.GetOrSetAsync("models", [CacheTags.Models], fixture.Runtime.Models.ListAsync, CancellationToken.None);
    }
}
