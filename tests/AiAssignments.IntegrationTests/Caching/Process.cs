using System.IO.Hashing;
using System.Text;
using AiAssignments.Azure.Caching;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Tests.Caching;

namespace AiAssignments.IntegrationTests.Caching;

/// <summary>What one process of several has: a connection, caches, a predictor; the documents are everybody's.</summary>
internal sealed class Process : IAsyncDisposable
{
    private readonly RedisSharedCache shared;

    private Process(RedisSharedCache shared, IDocumentStore documents, CacheOptions options)
    {
        this.shared = shared;
        Cached = new CacheFixture(shared, options, documents: documents);
        Cached.Inner.Answer = (input, _) => new PredictionAnswer([new LabelProbability("yes", ProbabilityOf(input.Text!)), new LabelProbability("no", 0)], null, false, null);
    }

    public CacheFixture Cached { get; }

    public bool IsConnected => shared.IsConnected;

    /// <summary>What the model says of a text.</summary>
    public static float ProbabilityOf(string text) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(text)) / (float)uint.MaxValue;

    public static async Task<Process> StartAsync(RedisServer redis, IDocumentStore documents) => new(
        await RedisSharedCache.ConnectAsync(redis.ConnectionString),
        documents,
        new CacheOptions { SharedPause = TimeSpan.FromMilliseconds(200), SharedTimeout = TimeSpan.FromSeconds(1) });

    public async ValueTask DisposeAsync()
    {
        Cached.Dispose();
        await shared.DisposeAsync();
    }
}
