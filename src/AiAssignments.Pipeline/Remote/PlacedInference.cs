using System.Collections.Concurrent;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Remote;

/// <summary>
/// Answers with the inference servers what they have, and here what they have not. Which version a name stands for is decided here, so that a promotion
/// counts at once; the servers are asked for that version. When none of them can be reached, this process answers: slower, with the same files.
/// What the servers have is looked up beside the traffic, so that a server that hangs costs no request anything.
/// </summary>
public sealed class PlacedInference : IModelServer, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly IModelServer local;
    private readonly IModelServer remote;
    private readonly IModelSource source;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task watching;
    private readonly ConcurrentDictionary<ModelKey, (string Content, string? Registered)> registered = new();
    private volatile Dictionary<ModelKey, ModelStatus> placed = [];

    /// <summary>Begins to look what the servers have; until that is known this process answers.</summary>
    /// <param name="local">Serves in this process; not owned.</param>
    /// <param name="remote">The inference servers; not owned.</param>
    /// <param name="source">Says which version is active, and opens it to hold its content against the servers'.</param>
    /// <param name="time">The clock.</param>
    public PlacedInference(IModelServer local, IModelServer remote, IModelSource source, TimeProvider time)
    {
        (this.local, this.remote, this.source, this.time) = (local, remote, source, time);
        watching = Task.Run(WatchAsync);
    }

    /// <inheritdoc />
    public Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => server.PredictAsync(name, asked, records, options, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<ServedTensors> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => server.InferAsync(name, asked, inputs, outputs, options, cancellationToken), cancellationToken);

    /// <inheritdoc />
    /// <remarks>Versions of this process; of one that the servers have, the state that it has there.</remarks>
    public async Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var there = placed;
        return [.. (await local.ListAsync(cancellationToken).ConfigureAwait(false)).Select(here => there.TryGetValue(here.Key, out var status) ? status with { Active = here.Active } : here)];
    }

    /// <inheritdoc />
    public async Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var here = await local.FindAsync(name, version, cancellationToken).ConfigureAwait(false);
        return here is not null && placed.TryGetValue(here.Key, out var status) ? status with { Active = here.Active } : here;
    }

    /// <inheritdoc />
    /// <remarks>Where it is placed, and otherwise here.</remarks>
    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => DoneAsync(server.LoadAsync(name, asked, cancellationToken)), cancellationToken);

    /// <inheritdoc />
    /// <remarks>From this process: the servers serve others, too.</remarks>
    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        // It may be registered again with another content.
        foreach (var key in registered.Keys.Where(key => key.Name == name && (version is null || key.Version == version)))
        {
            registered.TryRemove(key, out _);
        }

        placed = placed.Where(each => each.Key.Name != name || (version is not null && each.Key.Version != version)).ToDictionary();
        return local.UnloadAsync(name, version, cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>Of this process: the servers serve others, too.</remarks>
    public Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken) => local.TrimAsync(cancellationToken);

    /// <summary>Looks what the servers have opened. A version whose content is not that registered here is another one of the same name, and is not asked for.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<ModelKey, ModelStatus>();
        try
        {
            var here = (await source.ListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet();
            foreach (var status in await remote.ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (here.Contains(status.Key) && status.State is not (ModelState.Failed or ModelState.Unloaded or ModelState.Draining) && await IsSameAsync(status, cancellationToken).ConfigureAwait(false))
                {
                    found[status.Key] = status;
                }
            }
        }
        catch (ProblemException)
        {
            // None can be reached: this process answers until one can.
        }

        placed = found;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await RefreshAsync(stopping.Token).ConfigureAwait(false);
            await Task.Delay(Interval, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsSameAsync(ModelStatus status, CancellationToken cancellationToken)
    {
        if (status.ContentHash is not { } there)
        {
            return false;
        }

        if (!registered.TryGetValue(status.Key, out var here))
        {
            if (await source.OpenAsync(status.Key, cancellationToken).ConfigureAwait(false) is not { } package)
            {
                return false;
            }

            here = registered[status.Key] = (package.ContentHash, package.RegisteredHash);
        }

        // The servers have the folder as its user made it, or as the registry keeps it.
        return there == here.Content || there == here.Registered;
    }

    private async Task<T> PlacedAsync<T>(string name, string? version, Func<IModelServer, string?, Task<T>> call, CancellationToken cancellationToken)
    {
        if (placed.Count > 0
            && (version is null ? await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false) : new ModelKey(name, version)) is { } key
            && placed.ContainsKey(key))
        {
            try
            {
                return await call(remote, key.Version).ConfigureAwait(false);
            }
            catch (ProblemException gone) when (gone.Problem.Code is "server-unavailable" or "model-not-found" or "model-unloaded" or "model-draining")
            {
                // Until the next look this process answers at once.
                placed = placed.Where(each => each.Key != key).ToDictionary();
            }
        }

        return await call(local, version).ConfigureAwait(false);
    }

    private static async Task<bool> DoneAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return true;
    }
}
