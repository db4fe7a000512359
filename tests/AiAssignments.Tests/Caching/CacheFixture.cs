using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Caching;

/// <summary>A process with caches over a document store of its own or a shared one.</summary>
internal sealed class CacheFixture : IDisposable
{
    private readonly TemporaryFolder? folder;
    private readonly IDocumentStore stored;

    public CacheFixture(ISharedCache? shared = null, CacheOptions? options = null, TimeProvider? time = null, IDocumentStore? documents = null)
    {
        if (documents is null)
        {
            folder = new TemporaryFolder();
            documents = new SqliteDocumentStore(folder.File("documents.db"));
        }

        stored = documents;
        Counting = new CountingDocumentStore(stored);
        Caches = new PipelineCaches(options ?? new CacheOptions(), shared, time ?? TimeProvider.System);
        Documents = new InvalidatingDocumentStore(Counting, Caches.Queries);
        Predictor = Caches.Wrap(Inner, new ModelRegistry(null!, Documents, TimeProvider.System));
    }

    public PipelineCaches Caches { get; }

    public CountingDocumentStore Counting { get; }

    public InvalidatingDocumentStore Documents { get; }

    public ScriptedPredictor Inner { get; } = new();

    public IPredictor Predictor { get; }

    public static async Task<CacheFixture> WithModelAsync(ISharedCache? shared = null, CacheOptions? options = null, TimeProvider? time = null)
    {
        var fixture = new CacheFixture(shared, options, time);
        await fixture.RegisterAsync("m", "1", active: true);
        return fixture;
    }

    public Task RegisterAsync(string name, string version, bool active, string hash = ModelSamples.Hash) =>
        Documents.PutAsync(Containers.Models, Containers.Partition, $"{name}@{version}", ModelSamples.Version(name, version, active, hash), null, CancellationToken.None);

    public Task<PredictionResult> AskAsync(params string[] texts) => AskAsync(PredictionOptions.Default, null, texts, CancellationToken.None);

    public Task<PredictionResult> AskAsync(PredictionOptions options, string? version, string[] texts, CancellationToken token) =>
        Predictor.PredictAsync("m", version, [.. texts.Select(text => PredictionInput.OfText(text, null))], options, token);

    public void Dispose()
    {
        Caches.Dispose();
        if (folder is not null)
        {
            (stored as IDisposable)?.Dispose();
            folder.Dispose();
        }
    }
}
