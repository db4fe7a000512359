using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Models.Serving;
using AiAssignments.Pipeline.Operations.Stores;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Pipeline.Composition;

/// <summary>
/// The whole pipeline, put together over the adapters of the place that it runs in. The runtimes of the places are of this kind, and do not hold one: a host asks for models and evaluations
/// in the same words wherever it runs, and for what only its place has beside them.
/// </summary>
public abstract class PipelineRuntime : IAsyncDisposable
{
    private readonly ScorerPool scorers;
    private readonly ModelServer local;
    private readonly ModelPlacement placement;

    /// <summary>Puts it together. Nothing is asked of the stores, and no model is loaded before it is used.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="adapters">What it runs over.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>option-invalid</c>, <c>option-out-of-range</c>; what making the engine refuses.</exception>
    protected PipelineRuntime(PipelineOptions options, PipelineAdapters adapters)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(adapters);
        var (blobs, progress, time) = (adapters.Blobs, adapters.Progress, options.Time);
        Caches = new PipelineCaches(options.Caches, options.SharedCache, time);
        Documents = new InvalidatingDocumentStore(new MeasuredDocumentStore(adapters.Documents, "documents"), Caches.Queries);
        var lists = new CachedDocumentQueries(Documents, Caches.Queries);
        Catalog = new ModelCatalog(lists);
        DatasetLists = new DatasetListing(lists);
        Quality = new QualityLedger(Documents);
        Datasets = new Ingestion(blobs, Documents, progress, time, options.StagingLimits);

        // Scoring and registering ask where a model runs, which is known further down, and is asked for when something runs.
        var files = new ModelFiles(blobs, adapters.TemporaryFolder, time: time);
        scorers = new ScorerPool(files, options.Scoring, elsewhere: version => placement!.ScorerOfAsync(version));
        Models = new ModelRegistry(blobs, Documents, time) { Changed = (version, cancellationToken) => placement!.ChangedAsync(version, cancellationToken) };
        var source = new RegistryModelSource(Models, files);
        local = new ModelServer(source, options.Serving with { Time = time, Trimming = scorers.Trim });
        placement = new ModelPlacement(adapters.Inference, local, source, Models, blobs, time);
        Predictor = Caches.Wrap(new Predictor(Server), Models);

        var passes = new PassFolders(Path.Combine(adapters.TemporaryFolder, "passes"));
        Workflows = adapters.Workflows(Registry, Documents);
        Evaluations = new EvaluationDesk(Workflows, blobs, Documents, Quality, time, adapters.Width, options.ProfileMemory) { WidthOf = version => placement.WidthOf(version) ?? adapters.Width };
        Optimizations = new OptimizationDesk(Workflows, blobs, Documents, Datasets, Evaluations, passes, adapters.Width);
        Drops = new DatasetDrop(Datasets, Models, Evaluations);
        Intake = adapters.Intake?.Invoke(Drops, Models);
        Registry.AddPipeline(new PipelineParts
        {
            Blobs = blobs,
            Documents = Documents,
            Models = Models,
            Datasets = Datasets,
            Files = files,
            PassFolders = passes,
            Scorers = scorers,
            Quality = Quality,
            Progress = progress,
            Time = time,
            Drops = Intake,
            MeasuringTurn = options.MeasuringTurn,
        });
    }

    /// <summary>The caches of predictions and queries.</summary>
    public PipelineCaches Caches { get; }

    /// <summary>The documents; writes are seen by the caches.</summary>
    public IDocumentStore Documents { get; }

    /// <summary>The registered models.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Lists of models, with their measured quality.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>The registered datasets.</summary>
    public Ingestion Datasets { get; }

    /// <summary>Lists of datasets.</summary>
    public DatasetListing DatasetLists { get; }

    /// <summary>Serves the registered models; loads one with its first request. What inference servers have, those answer.</summary>
    public IModelServer Server => placement.Server;

    /// <summary>Answers predictions.</summary>
    public IPredictor Predictor { get; }

    /// <summary>What the inference servers have their models from; <c>null</c>: nothing is brought to them.</summary>
    public ServingShelf? Shelf => placement.Shelf;

    /// <summary>The workflow engine.</summary>
    public IWorkflowClient Workflows { get; }

    /// <summary>The evaluations.</summary>
    public EvaluationDesk Evaluations { get; }

    /// <summary>The optimizations.</summary>
    public OptimizationDesk Optimizations { get; }

    /// <summary>Takes dropped datasets in.</summary>
    public DatasetDrop Drops { get; }

    /// <summary>The containers of drops, where events tell of them; <c>null</c>: there are none.</summary>
    public IDropIntake? Intake { get; }

    /// <summary>The workflows and activities.</summary>
    protected internal WorkflowRegistry Registry { get; } = new();

    /// <summary>What is known of models' quality.</summary>
    protected QualityLedger Quality { get; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what runs, and then lets go of what it ran with. A place's own comes after the pipeline's.</summary>
    protected virtual async ValueTask CloseAsync()
    {
        await placement.DisposeAsync().ConfigureAwait(false);
        await local.DisposeAsync().ConfigureAwait(false);
        if (Workflows is IAsyncDisposable engine)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }

        Evaluations.Dispose();
        Datasets.Dispose();
        scorers.Dispose();
        Caches.Dispose();
    }
}
