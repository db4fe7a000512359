using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Documents;
using AiAssignments.Embedded.Watching;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Operations.Stores;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded;

/// <summary>The whole pipeline in one process over one data folder.</summary>
public sealed class EmbeddedRuntime : IAsyncDisposable
{
    private readonly DataFolder folder;
    private readonly TimeProvider time;
    private readonly IGrowingBlobStore blobs;
    private readonly OutsideBlobs? outside;
    private readonly OutsideHold? hold;
    private readonly SqliteDocumentStore stored;
    private readonly IDocumentStore documents;
    private readonly SqliteWorkflowEngine engine;
    private readonly ScorerPool scorers;
    private readonly QualityLedger quality;
    private readonly ModelServer local;
    private readonly RemoteInference? remote;
    private readonly PlacedInference? placed;
    private readonly ModelFiles files;
    private readonly PassFolders passFolders;

    private EmbeddedRuntime(DataFolder folder, EmbeddedOptions options, OutsideHold? hold)
    {
        this.folder = folder;
        this.hold = hold;
        time = options.Time;
        var progress = new JobEnds(options.Progress ?? new NoProgress());
        outside = options.Blobs;
        blobs = MeasuredGrowingBlobStore.Of(
            outside?.Store ?? new FolderBlobStore(folder.Blobs, options.Time, options.CreateTemporary ?? FolderBlobStore.CreateTemporary));
        Caches = new PipelineCaches(options.Caches, options.SharedCache, options.Time);
        stored = new SqliteDocumentStore(folder.DocumentsFile);
        documents = new InvalidatingDocumentStore(new MeasuredDocumentStore(stored, "documents"), Caches.Queries);
        files = new ModelFiles(blobs, folder.Cache, time: options.Time);
        passFolders = new PassFolders(Path.Combine(folder.Cache, "passes"));
        scorers = new ScorerPool(files, options.Scoring);
        Models = new ModelRegistry(blobs, documents, options.Time);
        var lists = new CachedDocumentQueries(documents, Caches.Queries);
        Catalog = new ModelCatalog(lists);
        DatasetLists = new DatasetListing(lists);
        quality = new QualityLedger(documents);
        var source = new RegistryModelSource(Models, files);
        local = new ModelServer(source, options.Serving with { Time = options.Time, Trimming = scorers.Trim });
        remote = options.InferenceServers is { } servers ? new RemoteInference(servers) : null;
        placed = remote is null ? null : new PlacedInference(local, remote, source, options.Time);
        Server = placed is null ? local : placed;
        Datasets = new Ingestion(blobs, documents, progress, options.Time, options.StagingLimits);
        Predictor = Caches.Wrap(new Predictor(Server), Models);
        engine = new SqliteWorkflowEngine(Registry(progress, options), new WorkflowEngineOptions
        {
            JournalFile = folder.JournalFile,
            Time = options.Time,
            Observer = options.JournalObserver,
            Profiler = options.ProfileMemory ? MemoryProfiler.Process : null,
        });
        engine.Changed += progress.Changed;
        Evaluations = new EvaluationDesk(engine, blobs, documents, quality, options.Time, options.Width, options.ProfileMemory);
        Optimizations = new OptimizationDesk(engine, blobs, documents, Datasets, Evaluations, passFolders, options.Width);
        Drops = new DatasetDrop(Datasets, Models, Evaluations);
    }

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

    /// <summary>The workflow engine.</summary>
    public IWorkflowClient Workflows => engine;

    /// <summary>The optimizations.</summary>
    public OptimizationDesk Optimizations { get; }

    /// <summary>Takes dropped datasets in.</summary>
    public DatasetDrop Drops { get; }

    /// <summary>Serves the registered models; loads one with its first request. With inference servers, those answer what they have.</summary>
    public IModelServer Server { get; }

    /// <summary>Answers predictions.</summary>
    public IPredictor Predictor { get; }

    /// <summary>The blobs.</summary>
    public IGrowingBlobStore Blobs => blobs;

    /// <summary>The documents.</summary>
    public IDocumentStore Documents => documents;

    /// <summary>A folder for files of the moment, on the same volume; made when first used.</summary>
    public string CacheFolder => folder.Cache;

    /// <summary>Cancelled when the store that holds the blobs, outside of the data folder, is another process's: nothing more may be done here then.</summary>
    public CancellationToken BlobsLost => hold?.Lost ?? CancellationToken.None;

    /// <summary>The folder that is watched for datasets.</summary>
    public string DatasetsFolder => folder.Datasets;

    /// <summary>Opens a data folder, sweeps what a crash left behind, and goes on with every unfinished evaluation.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>data-folder-in-use</c>, <c>data-folder-unusable</c>, <c>data-folder-version</c>, <c>data-folder-blobs</c>, <c>storage-corrupt</c>; <c>storage-unreachable</c>, and what claiming an outside store refuses.</exception>
    public static async Task<EmbeddedRuntime> OpenAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenFolderAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error) when (options.Blobs is not null)
        {
            throw new ProblemException(new Problem("storage-unreachable", $"The blobs cannot be worked with: {error.Message}", options.Blobs.Place), error);
        }
    }

    private static async Task<EmbeddedRuntime> OpenFolderAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Open(options.DataFolder, options.Time);
        EmbeddedRuntime runtime;
        OutsideHold? hold = null;
        try
        {
            var installation = BlobHome.Check(folder, options.Blobs?.Place);
            if (options.Blobs is { } outside)
            {
                hold = await outside.ClaimAsync(installation!.Value, $"{Environment.MachineName}\n{folder.Root}", cancellationToken).ConfigureAwait(false);
            }

            runtime = new EmbeddedRuntime(folder, options, hold);
        }
        catch
        {
            if (hold is not null)
            {
                await hold.ReleaseAsync().ConfigureAwait(false);
            }

            folder.Dispose();
            throw;
        }

        try
        {
            // A folder is ours alone. Of an outside store that is said, but what is young there stays, in case it is not so.
            var sweep = new OrphanSweep(runtime.blobs, runtime.documents, runtime.engine, options.Time);
            var before = options.Blobs is null ? DateTimeOffset.MaxValue : options.Time.GetUtcNow() - sweep.Options.Grace;
            await runtime.Evaluations.SweepAsync(before, cancellationToken).ConfigureAwait(false);
            await runtime.quality.RebuildAsync(cancellationToken).ConfigureAwait(false);
            if (options.Blobs is null)
            {
                await runtime.Datasets.SweepAsync(cancellationToken).ConfigureAwait(false);
                await runtime.Models.SweepAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
            }

            await runtime.Optimizations.SweepAsync(before, cancellationToken).ConfigureAwait(false);
            await runtime.engine.ResumeAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Registers the sample models that come with the program. A version that is there already is left as it is, and so is another version that was promoted since.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RegisterBundledModelsAsync(CancellationToken cancellationToken)
    {
        foreach (var model in Bundled.Models())
        {
            try
            {
                await Models.RegisterAsync(model, null, activate: false, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException known) when (known.Problem.Code == "model-version-exists")
            {
                // Another release of this program brought the version; what is registered stays.
            }
        }
    }

    /// <summary>Copies the sample datasets into <see cref="DatasetsFolder"/>, once: what the user removes stays removed.</summary>
    public void DropSamples() => Bundled.DropSamples(folder);

    /// <summary>The datasets that lie in <see cref="DatasetsFolder"/> and those that come; what arrives together comes together.</summary>
    /// <param name="cancellationToken">Ends the watching.</param>
    public IAsyncEnumerable<IReadOnlyList<DroppedFile>> WatchAsync(CancellationToken cancellationToken) =>
        new FolderWatcher(folder.Datasets, time: time).WatchAsync(cancellationToken).TogetherAsync(time, cancellationToken);

    /// <summary>Path of the file that holds a blob, or of the folder that holds a blob folder, only to be read; where blobs lie outside, their address.</summary>
    /// <param name="path">Blob path; with a trailing <c>/</c> for a folder.</param>
    public string FilePath(string path) => blobs switch
    {
        ILocalBlobStore local => path.EndsWith('/') ? Path.GetDirectoryName(local.FilePath(path + ReportFiles.Html))! : local.FilePath(path),
        _ => outside!.AddressOf(path),
    };

    /// <summary>Opens a blob, for example a report's file.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Stream> OpenBlobAsync(string path, CancellationToken cancellationToken) => blobs.OpenReadAsync(path, 0, null, cancellationToken);

    /// <summary>A finished evaluation as one side of a comparison.</summary>
    /// <param name="outcome">Its outcome.</param>
    public EvaluatedSide SideOf(EvaluationOutcome outcome) => EvaluatedSide.OfBlobs(blobs, outcome.ReportFolder);

    /// <summary>Copies a report with its predictions to a folder of this machine, made when missing.</summary>
    /// <param name="reportFolder">Blob path of the report's folder.</param>
    /// <param name="target">The folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task CopyReportAsync(string reportFolder, string target, CancellationToken cancellationToken) => CopyAsync(reportFolder, ReportFiles.All, target, cancellationToken);

    /// <summary>Copies an optimization's report to a folder of this machine, made when missing.</summary>
    /// <param name="reportFolder">Blob path of the report's folder.</param>
    /// <param name="target">The folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task CopyOptimizationReportAsync(string reportFolder, string target, CancellationToken cancellationToken) =>
        CopyAsync(reportFolder, OptimizationPaths.Files, target, cancellationToken);

    private async Task CopyAsync(string reportFolder, IReadOnlyList<string> names, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        foreach (var name in names)
        {
            var source = await OpenBlobAsync(reportFolder + name, cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                var file = File.Create(Path.Combine(target, name));
                await using (file.ConfigureAwait(false))
                {
                    await source.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (placed is not null && remote is not null)
        {
            await placed.DisposeAsync().ConfigureAwait(false);
            await remote.DisposeAsync().ConfigureAwait(false);
        }

        await local.DisposeAsync().ConfigureAwait(false);
        await engine.DisposeAsync().ConfigureAwait(false);
        Evaluations.Dispose();
        Datasets.Dispose();
        scorers.Dispose();
        Caches.Dispose();
        stored.Dispose();
        if (hold is not null)
        {
            await hold.ReleaseAsync().ConfigureAwait(false);
        }

        folder.Dispose();
    }

    private WorkflowRegistry Registry(IProgressPublisher progress, EmbeddedOptions options) => new WorkflowRegistry().AddPipeline(new PipelineParts
    {
        Blobs = blobs,
        Documents = documents,
        Models = Models,
        Datasets = Datasets,
        Files = files,
        PassFolders = passFolders,
        Scorers = scorers,
        Quality = quality,
        Progress = progress,
        Time = options.Time,
        MeasuringTurn = options.MeasuringTurn,
    });

    private sealed class NoProgress : IProgressPublisher
    {
        public void Publish(JobProgress progress)
        {
        }
    }
}
