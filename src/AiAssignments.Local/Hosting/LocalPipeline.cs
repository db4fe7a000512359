using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Caching;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Live;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Local.Hosting;

/// <summary>What runs behind the web server, opened and closed together: the embedded pipeline, its live progress, its figures, and the cache that is shared with others.</summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    private readonly RedisSharedCache? shared;
    private readonly MetricsTicks ticks;

    private LocalPipeline(ProgressView view, LiveProgress live, RedisSharedCache? shared, AzureBlobs? azure, EmbeddedRuntime runtime, OperationsMonitor monitor)
    {
        this.shared = shared;
        Azure = azure;
        (View, Live, Runtime, Monitor) = (view, live, runtime, monitor);
        ticks = new MetricsTicks(live.Hub, monitor);
    }

    /// <summary>Progress on the terminal.</summary>
    public ProgressView View { get; }

    /// <summary>Progress over WebSocket.</summary>
    public LiveProgress Live { get; }

    /// <summary>The pipeline.</summary>
    public EmbeddedRuntime Runtime { get; }

    /// <summary>The storage account that holds the blobs; <c>null</c>: the data folder does.</summary>
    public AzureBlobs? Azure { get; }

    /// <summary>How machine and service are doing.</summary>
    public OperationsMonitor Monitor { get; }

    public static async Task<LocalPipeline> OpenAsync(LocalOptions options)
    {
        var view = new ProgressView(AnsiConsole.Console);
        var live = new LiveProgress(view);
        var shared = options.Redis is { Length: > 0 } redis ? await RedisSharedCache.ConnectAsync(redis).ConfigureAwait(false) : null;
        AzureBlobs? azure = null;
        try
        {
            azure = options.Blobs is { } blobs ? AzureBlobs.Connect(blobs) : null;
            await (azure?.PrepareAsync(CancellationToken.None) ?? Task.CompletedTask).ConfigureAwait(false);
            var embedded = new EmbeddedOptions
            {
                DataFolder = options.DataFolder,
                Blobs = azure?.Outside(options.Blobs!.Container),
                Progress = live,
                SharedCache = shared,
                InferenceServers = options.InferenceServers,
                Serving = options.Serving,
                Caches = options.Caches,
                ProfileMemory = options.ProfileMemory,
            };
            var runtime = await EmbeddedRuntime.OpenAsync(embedded, CancellationToken.None).ConfigureAwait(false);
            live.Attach(runtime);
            return new LocalPipeline(view, live, shared, azure, runtime, new OperationsMonitor(options.DataFolder));
        }
        catch
        {
            azure?.Dispose();
            await live.DisposeAsync().ConfigureAwait(false);
            await DisposeAsync(shared).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ticks.DisposeAsync().ConfigureAwait(false);
        Monitor.Dispose();
        await Runtime.DisposeAsync().ConfigureAwait(false);
        Azure?.Dispose();
        await DisposeAsync(shared).ConfigureAwait(false);
        await Live.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask DisposeAsync(RedisSharedCache? shared)
    {
        if (shared is not null)
        {
            await shared.DisposeAsync().ConfigureAwait(false);
        }
    }
}
