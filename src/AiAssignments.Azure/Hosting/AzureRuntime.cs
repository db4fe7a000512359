using AiAssignments.Azure.Durable;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Models.Serving;
using AiAssignments.Pipeline.Operations.Stores;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Hosting;

/// <summary>The pipeline in one of many processes that share stores and a task hub. Opening it asks nothing of anyone: it must be quick, and no model is loaded before it is used.</summary>
public sealed class AzureRuntime : IAsyncDisposable
{
    private readonly AzureRuntimeParts parts;
    private readonly ScorerPool scorers;
    private readonly ModelServer local;
    private readonly RemoteInference? remote;
    private readonly ShelvedInference? shelved;
    private readonly QualityLedger quality;

    /// <summary>Puts it together.</summary>
    /// <param name="parts">What it is made of.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>option-invalid</c>.</exception>
    public AzureRuntime(AzureRuntimeParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        this.parts = parts;
        var progress = new SharedProgress(parts.Progress);
        Caches = new PipelineCaches(parts.Caches, parts.SharedCache, parts.Time);
        Documents = new InvalidatingDocumentStore(new MeasuredDocumentStore(parts.Documents, "documents"), Caches.Queries);
        var files = new ModelFiles(parts.Blobs, Path.Combine(parts.TemporaryFolder, "models"));
        var passes = new PassFolders(Path.Combine(parts.TemporaryFolder, "passes"));
        scorers = new ScorerPool(files, parts.Scoring, elsewhere: ElsewhereAsync);
        Models = new ModelRegistry(parts.Blobs, Documents, parts.Time) { Changed = ShelveAsync };
        var lists = new CachedDocumentQueries(Documents, Caches.Queries);
        Catalog = new ModelCatalog(lists);
        DatasetLists = new DatasetListing(lists);
        quality = new QualityLedger(Documents);
        var source = new RegistryModelSource(Models, files);
        local = new ModelServer(source, parts.ServerOptions with { Time = parts.Time, Trimming = scorers.Trim });
        remote = parts.Inference is { } inference ? new RemoteInference(inference.Servers with { Time = parts.Time }, parts.InferenceTransport ?? RemoteInference.CreateTransport()) : null;
        Shelf = parts.Inference is { } heavy && parts.Serving is { } serving ? new ServingShelf(serving, parts.Blobs, Models, heavy.HeavyModelBytes, parts.Time) : null;
        shelved = remote is not null && Shelf is not null ? new ShelvedInference(local, remote, source, Shelf) : null;
        Server = shelved is null ? local : shelved;
        Datasets = new Ingestion(parts.Blobs, Documents, progress, parts.Time, parts.StagingLimits);
        Predictor = Caches.Wrap(new Predictor(Server), Models);

        Client = new DurableWorkflowClient(parts.Hub, Registry, parts.Time, progress.Changed, Documents);
        Workflows = Client;
        Evaluations = new EvaluationDesk(Workflows, parts.Blobs, Documents, quality, parts.Time, parts.FanOutWidth, parts.ProfileMemory) { WidthOf = WidthOf };
        Optimizations = new OptimizationDesk(Workflows, parts.Blobs, Documents, Datasets, Evaluations, passes, parts.FanOutWidth);
        Drops = new DatasetDrop(Datasets, Models, Evaluations);
        Intake = parts.Drops?.Invoke(this);
        Registry.AddPipeline(new PipelineParts
        {
            Blobs = parts.Blobs,
            Documents = Documents,
            Models = Models,
            Datasets = Datasets,
            Files = files,
            PassFolders = passes,
            Scorers = scorers,
            Quality = quality,
            Progress = progress,
            Time = parts.Time,
            Drops = Intake,
            MeasuringTurn = parts.MeasuringTurn,
        });
        Functions = new DurableWorkflows(Registry, Client, progress.Changed, parts.ProfileMemory ? MemoryProfiler.Process : null);
    }

    /// <summary>The workflows and activities.</summary>
    internal WorkflowRegistry Registry { get; } = new();

    /// <summary>What the orchestration and activity functions call.</summary>
    public DurableWorkflows Functions { get; }

    /// <summary>The task hub as the pipeline's engine.</summary>
    public DurableWorkflowClient Client { get; }

    /// <summary>The engine, as desks and gateway use it.</summary>
    public IWorkflowClient Workflows { get; }

    /// <summary>The registered models.</summary>
    public ModelRegistry Models { get; }

    /// <summary>The caches of predictions and queries.</summary>
    public PipelineCaches Caches { get; }

    /// <summary>Lists of models, with their measured quality.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>Lists of datasets.</summary>
    public DatasetListing DatasetLists { get; }

    /// <summary>The registered datasets.</summary>
    public Ingestion Datasets { get; }

    /// <summary>The evaluations.</summary>
    public EvaluationDesk Evaluations { get; }

    /// <summary>The optimizations.</summary>
    public OptimizationDesk Optimizations { get; }

    /// <summary>Takes dropped datasets in.</summary>
    public DatasetDrop Drops { get; }

    /// <summary>What the inference servers have their models from; <c>null</c>: there are no servers.</summary>
    public ServingShelf? Shelf { get; }

    /// <summary>The containers of drops, where there are any.</summary>
    public IDropIntake? Intake { get; }

    /// <summary>Serves the registered models; what inference servers have, those answer.</summary>
    public IModelServer Server { get; }

    /// <summary>Answers predictions.</summary>
    public IPredictor Predictor { get; }

    /// <summary>The documents; writes are seen by the caches.</summary>
    public IDocumentStore Documents { get; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (remote is not null)
        {
            await remote.DisposeAsync().ConfigureAwait(false);
        }

        await local.DisposeAsync().ConfigureAwait(false);
        Evaluations.Dispose();
        Datasets.Dispose();
        scorers.Dispose();
        Caches.Dispose();
    }

    private Task ShelveAsync(ModelVersion version, CancellationToken cancellationToken) => Shelf?.FollowAsync(version, cancellationToken) ?? Task.CompletedTask;

    private bool IsHeavy(ModelVersion version) => parts.Inference is { } inference && version.SizeBytes >= inference.HeavyModelBytes;

    private int WidthOf(ModelVersion version) => IsHeavy(version) ? Math.Min(parts.FanOutWidth, parts.Inference!.FanOutWidth) : parts.FanOutWidth;

    // A heavy model that the servers do not have yet is scored here, slower, as its predictions are answered here.
    private async Task<IScorer?> ElsewhereAsync(ModelVersion version) =>
        shelved is null ? null : await shelved.ScorerOfAsync(version, parts.Time, CancellationToken.None).ConfigureAwait(false);
}
