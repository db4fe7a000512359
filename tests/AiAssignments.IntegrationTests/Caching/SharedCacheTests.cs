using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using AiAssignments.Azure.Caching;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Documents;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Support;
using StackExchange.Redis;

namespace AiAssignments.IntegrationTests.Caching;

/// <summary>Two processes with one Redis between them.</summary>
public sealed class SharedCacheTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore documents;
    private readonly RedisServer redis = new();

    public SharedCacheTests() => documents = new SqliteDocumentStore(folder.File("documents.db"));

    [Fact]
    public async Task What_one_process_computed_the_other_finds()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        var computed = await one.Cached.AskAsync("a", "b");
        await Eventually.HoldsAsync(async () => (await KeysAsync()).Count(key => key.Contains("aia:p1:", StringComparison.Ordinal)) == 2);

        var found = await two.Cached.AskAsync("b", "a", "c");
        Assert.Equal(2, found.Cached);
        Assert.Equal(["c"], Assert.Single(two.Cached.Inner.Calls).Texts);
        Assert.Equal(computed.Answers[0].Labels, found.Answers[1].Labels);
        Assert.Equal(3, (await two.Cached.AskAsync("a", "b", "c")).Cached);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        foreach (var key in (await KeysAsync()).Where(key => key.Contains("aia:p1:", StringComparison.Ordinal)))
        {
            var left = await connection.GetDatabase().KeyTimeToLiveAsync(key);
            Assert.InRange(left!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        }
    }

    [Fact]
    public async Task What_one_process_writes_the_other_hears()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        await two.Cached.AskAsync("a");
        var made = 0;
        Assert.Equal(1, await ListAsync(two));
        Assert.Equal(1, await ListAsync(two));

        await one.Cached.RegisterAsync("m", "1", active: false);
        await one.Cached.RegisterAsync("m", "2", active: true);
        two.Cached.Inner.Active = "2";
        await Eventually.HoldsAsync(async () => (await two.Cached.AskAsync("a")).Model == new ModelKey("m", "2"));
        await Eventually.HoldsAsync(async () => await ListAsync(two) > 1);

        async Task<int> ListAsync(Process process) =>
            await process.Cached.Caches.Queries.GetOrSetAsync("models", [CacheTags.Models], _ => Task.FromResult(++made), CancellationToken.None);
    }

    [Fact]
    public async Task A_result_is_made_once_for_all_processes()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        Assert.Equal(["x"], await one.Cached.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult<string[]>(["x"]), CancellationToken.None));
        await Eventually.HoldsAsync(async () => (await KeysAsync()).Any(key => key.Contains("aia:q1:k", StringComparison.Ordinal)));
        Assert.Equal(["x"], await two.Cached.Caches.Queries.GetOrSetAsync<string[]>("k", [CacheTags.Models], _ => throw new InvalidOperationException("asked"), CancellationToken.None));
    }

    [Fact]
    public async Task A_lost_server_costs_no_request_and_is_used_again_when_it_is_back()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var traffic = Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var process = client % 2 == 0 ? one : two;
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var text = $"text {i % 40} {i / 400}";
                var result = await process.Cached.AskAsync(text, "always");
                Assert.Equal(Process.ProbabilityOf(text), result.Answers[0].Labels![0].Probability);
                await process.Cached.Caches.Queries.GetOrSetAsync($"query {i % 10}", [CacheTags.Datasets], _ => Task.FromResult(i), CancellationToken.None);
                if (i % 50 == 0)
                {
                    await process.Cached.Documents.PutAsync(Containers.Datasets, Containers.Partition, $"d{client}", i, null, CancellationToken.None);
                }

                Interlocked.Increment(ref asked);
                await Task.Delay(1);
            }
        })).ToList();

        await MoreAsync(500);
        redis.Kill();
        await Eventually.HoldsAsync(() => !one.IsConnected && !two.IsConnected);
        await MoreAsync(500);

        // What is promoted meanwhile is known here at once, and there when the server is back.
        await one.Cached.RegisterAsync("m", "1", active: false);
        await one.Cached.RegisterAsync("m", "2", active: true);
        (one.Cached.Inner.Active, two.Cached.Inner.Active) = ("2", "2");
        Assert.Equal(new ModelKey("m", "2"), (await one.Cached.AskAsync("always")).Model);
        await MoreAsync(200);
        redis.Start();
        await Eventually.HoldsAsync(() => one.IsConnected && two.IsConnected);
        await Eventually.HoldsAsync(async () => (await two.Cached.AskAsync("always")).Model == new ModelKey("m", "2"));
        await MoreAsync(500);
        await stop.CancelAsync();
        await Task.WhenAll(traffic);

        var fresh = 0;
        await Eventually.HoldsAsync(async () =>
        {
            await one.Cached.AskAsync($"fresh {++fresh}");
            await Task.Delay(50);
            return (await two.Cached.AskAsync($"fresh {fresh}")).Cached == 1;
        });

        async Task MoreAsync(int requests)
        {
            var before = Volatile.Read(ref asked);
            await Eventually.HoldsAsync(() => Volatile.Read(ref asked) >= before + requests || traffic.Exists(client => client.IsFaulted));
        }
    }

    [Fact]
    public async Task A_server_that_comes_later_is_used_when_it_comes()
    {
        redis.Kill();
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        Assert.Equal(0, (await one.Cached.AskAsync("a")).Cached);
        await two.Cached.AskAsync("a");
        redis.Start();
        await Eventually.HoldsAsync(() => one.IsConnected && two.IsConnected);
        await one.Cached.RegisterAsync("m", "1", active: false);
        await one.Cached.RegisterAsync("m", "2", active: true);
        two.Cached.Inner.Active = "2";
        await Eventually.HoldsAsync(async () => (await two.Cached.AskAsync("a")).Model == new ModelKey("m", "2"));
    }

    public static TheoryData<string, byte[]> Poisons() => new()
    {
        { "empty", [] },
        { "noise", [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))] },
        { "half a header", [0x41, 0x49, 0x43] },
        { "no form", Encoding.UTF8.GetBytes("""{"value":{"labels":[]},"timestamp":1}""") },
        { "no JSON", Sealed("{") },
        { "null", Sealed("null") },
        { "nothing", Sealed("{}") },
        { "no value", Sealed($$"""{"value":null,"timestamp":{{Now}},"logicalExpirationTimestamp":{{Later}}}""") },
        { "a label the model has not", Sealed(Entry("""[{"label":"rm -rf","probability":0.5}]""")) },
        { "a probability that is none", Sealed(Entry("""[{"label":"yes","probability":7}]""")) },
        { "no probability", Sealed(Entry("""[{"label":"yes","probability":"NaN"}]""")) },
        { "too many labels", Sealed(Entry($"[{string.Join(',', Enumerable.Repeat("""{"label":"yes","probability":0.5}""", 9))}]")) },
        { "null labels", Sealed(Entry("[null]")) },
        { "deep", Sealed(new string('[', 10_000)) },
    };

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task What_is_no_entry_is_a_miss(string what, byte[] poison)
    {
        Assert.NotNull(what);
        await using var one = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        await one.Cached.AskAsync("a");
        await one.Cached.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult("good"), CancellationToken.None);
        await Eventually.HoldsAsync(async () => (await KeysAsync()).Count(key => !key.Contains("__fc", StringComparison.Ordinal)) == 2);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        foreach (var key in await KeysAsync())
        {
            await connection.GetDatabase().HashSetAsync(key, "data", poison);
        }

        await using var two = await StartAsync();
        var answered = await two.Cached.AskAsync("a");
        Assert.Equal((0, Process.ProbabilityOf("a")), (answered.Cached, answered.Answers[0].Labels![0].Probability));
        Assert.Equal("made", await two.Cached.Caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult("made"), CancellationToken.None));
    }

    [Fact]
    public async Task Keys_of_another_kind_and_noise_on_the_channel_harm_nobody()
    {
        await using var one = await StartAsync();
        await one.Cached.RegisterAsync("m", "1", active: true);
        await one.Cached.AskAsync("a");
        await Eventually.HoldsAsync(async () => (await KeysAsync()).Any(key => key.Contains("aia:p1", StringComparison.Ordinal)));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        foreach (var key in await KeysAsync())
        {
            await connection.GetDatabase().KeyDeleteAsync(key);
            await connection.GetDatabase().StringSetAsync(key, "a string");
        }

        await using var two = await StartAsync();
        Assert.Equal(0, (await two.Cached.AskAsync("a")).Cached);
        var publisher = connection.GetSubscriber();
        var heard = 0L;
        await Eventually.HoldsAsync(async () => (heard = (await Task.WhenAll(Channels().Select(channel => publisher.PublishAsync(channel, new byte[] { 0, 255, 255, 255, 127 })))).Sum()) > 0);
        Assert.Equal(1, (await one.Cached.AskAsync("a")).Cached);

        static IEnumerable<RedisChannel> Channels() =>
            [RedisChannel.Literal("aia:q1:changes.Backplane:v2"), RedisChannel.Literal("aia:q1:changes.Backplane"), RedisChannel.Literal("aia:q1:changes:v2"), RedisChannel.Literal("aia:q1:changes")];
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:6379,nonsense=1,password=secret")]
    public async Task A_connection_string_that_says_nothing_is_refused_without_its_secrets(string text)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => RedisSharedCache.ConnectAsync(text));
        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.DoesNotContain("secret", refused.Problem.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        redis.Dispose();
        documents.Dispose();
        folder.Dispose();
    }

    private static long Now => DateTimeOffset.UtcNow.UtcTicks;

    private static long Later => DateTimeOffset.UtcNow.AddHours(1).UtcTicks;

    private static string Entry(string labels) =>
        $$$"""{"value":{"labels":{{{labels}}},"truncated":false},"timestamp":{{{Now}}},"logicalExpirationTimestamp":{{{Later}}}}""";

    private static byte[] Sealed(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var entry = new byte[12 + body.Length];
        "AIC1"u8.CopyTo(entry);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(4), XxHash64.HashToUInt64(body));
        body.CopyTo(entry.AsSpan(12));
        return entry;
    }

    private Task<Process> StartAsync() => Process.StartAsync(redis, documents);

    private async Task<string[]> KeysAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        return [.. connection.GetServers()[0].Keys(pattern: "*").Select(key => key.ToString())];
    }
}
