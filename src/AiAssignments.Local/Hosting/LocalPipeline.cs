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

    private LocalPipeline(ProgressView view, LiveProgress live, RedisSharedCache? shared, EmbeddedRuntime runtime, OperationsMonitor monitor)
    {
        this.shared = shared;
        (View, Live, Runtime, Monitor) = (view, live, runtime, monitor);
        ticks = new MetricsTicks(live.Hub, monitor);
    }

    /// <summary>Progress on the terminal.</summary>
    public ProgressView View { get; }

    /// <summary>Progress over WebSocket.</summary>
    public LiveProgress Live { get; }

    /// <summary>The pipeline.</summary>
    public EmbeddedRuntime Runtime { get; }

    /// <summary>How machine and service are doing.</summary>
    public OperationsMonitor Monitor { get; }

    public static async Task<LocalPipeline> OpenAsync(LocalOptions options)
    {
        var view = new ProgressView(AnsiConsole.Console);
        var live = new LiveProgress(view);
        var shared = options.Redis is { Length: > 0 } redis ? await RedisSharedCache.ConnectAsync(redis).ConfigureAwait(false) : null;
        try
        {
            var runtime = await EmbeddedRuntime.OpenAsync(
                new EmbeddedOptions { DataFolder = options.DataFolder, Progress = live, SharedCache = shared, InferenceServers = options.InferenceServers, ProfileMemory = options.ProfileMemory }, CancellationToken.None).ConfigureAwait(false);
            live.Attach(runtime);
            return new LocalPipeline(view, live, shared, runtime, new OperationsMonitor(options.DataFolder));
        }
        catch
        {
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
