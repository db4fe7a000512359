using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Embedded.Folders;
using AiAssignments.Embedded.Watching;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Composition;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded;

/// <summary>The whole pipeline in one process over one data folder.</summary>
public sealed class EmbeddedRuntime : PipelineRuntime
{
    private readonly EmbeddedStores stores;
    private readonly OutsideBlobs? outside;
    private readonly TimeProvider time;

    private EmbeddedRuntime(EmbeddedStores stores, EmbeddedOptions options, JobEnds progress)
        : base(options, new PipelineAdapters
        {
            Blobs = stores.Blobs,
            Documents = stores.Documents,
            Progress = progress,
            TemporaryFolder = stores.Folder.Cache,
            Width = options.Width,
            Workflows = (registry, _) => EngineOf(registry, stores.Folder, options),
            Inference = options.InferenceServers is { } servers ? new InferenceServers { Servers = servers } : null,
        })
    {
        (this.stores, outside, time) = (stores, options.Blobs, options.Time);
        Engine.Changed += progress.Changed;
    }

    /// <summary>The blobs.</summary>
    public IGrowingBlobStore Blobs => stores.Blobs;

    /// <summary>A folder for files of the moment, on the same volume; made when first used.</summary>
    public string CacheFolder => stores.Folder.Cache;

    /// <summary>Cancelled when the store that holds the blobs, outside of the data folder, is another process's: nothing more may be done here then.</summary>
    public CancellationToken BlobsLost => stores.BlobsLost;

    /// <summary>The folder that is watched for datasets.</summary>
    public string DatasetsFolder => stores.Folder.Datasets;

    private SqliteWorkflowEngine Engine => (SqliteWorkflowEngine)Workflows;

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
        var stores = await EmbeddedStores.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        EmbeddedRuntime runtime;
        try
        {
            runtime = new EmbeddedRuntime(stores, options, new JobEnds(options.Progress ?? new NoProgress()));
        }
        catch
        {
            await stores.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        try
        {
            await runtime.SweepAsync(cancellationToken).ConfigureAwait(false);
            await runtime.Engine.ResumeAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // A folder is ours alone. Of an outside store that is said, but what is young there stays, in case it is not so.
        var sweep = new OrphanSweep(Blobs, Documents, Workflows, time);
        var before = outside is null ? DateTimeOffset.MaxValue : time.GetUtcNow() - sweep.Options.Grace;
        await Evaluations.SweepAsync(before, cancellationToken).ConfigureAwait(false);
        await Quality.RebuildAsync(cancellationToken).ConfigureAwait(false);
        if (outside is null)
        {
            EmptyFolders.Remove(Path.Combine(stores.Folder.Blobs, EvaluationDesk.WorkFolder));
            await Datasets.SweepAsync(cancellationToken).ConfigureAwait(false);
            await Models.SweepAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        }

        await Optimizations.SweepAsync(before, cancellationToken).ConfigureAwait(false);
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
    public void DropSamples() => Bundled.DropSamples(stores.Folder);

    /// <summary>The datasets that lie in <see cref="DatasetsFolder"/> and those that come; what arrives together comes together.</summary>
    /// <param name="cancellationToken">Ends the watching.</param>
    public IAsyncEnumerable<IReadOnlyList<DroppedFile>> WatchAsync(CancellationToken cancellationToken) =>
        new FolderWatcher(stores.Folder.Datasets, time: time).WatchAsync(cancellationToken).TogetherAsync(time, cancellationToken);

    /// <summary>Path of the file that holds a blob, or of the folder that holds a blob folder, only to be read; where blobs lie outside, their address.</summary>
    /// <param name="path">Blob path; with a trailing <c>/</c> for a folder.</param>
    public string FilePath(string path) => Blobs switch
    {
        ILocalBlobStore local => path.EndsWith('/') ? Path.GetDirectoryName(local.FilePath(path + ReportFiles.Html))! : local.FilePath(path),
        _ => outside!.AddressOf(path),
    };

    /// <summary>Opens a blob, for example a report's file.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Stream> OpenBlobAsync(string path, CancellationToken cancellationToken) => Blobs.OpenReadAsync(path, 0, null, cancellationToken);

    /// <summary>A finished evaluation as one side of a comparison.</summary>
    /// <param name="outcome">Its outcome.</param>
    public EvaluatedSide SideOf(EvaluationOutcome outcome) => EvaluatedSide.OfBlobs(Blobs, outcome.ReportFolder);

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
    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync().ConfigureAwait(false);
        await stores.DisposeAsync().ConfigureAwait(false);
    }

    private static SqliteWorkflowEngine EngineOf(WorkflowRegistry registry, DataFolder folder, EmbeddedOptions options) => new(registry, new WorkflowEngineOptions
    {
        JournalFile = folder.JournalFile,
        Time = options.Time,
        Observer = options.JournalObserver,
        Profiler = options.ProfileMemory ? MemoryProfiler.Process : null,
    });

    private sealed class NoProgress : IProgressPublisher
    {
        public void Publish(JobProgress progress)
        {
        }
    }
}
