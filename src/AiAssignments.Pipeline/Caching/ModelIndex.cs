using System.Collections.Frozen;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// Which version a name stands for, without asking the store: all versions in one picture, taken anew when a version was registered, promoted or deleted
/// (here or in another process) and after the lifetime of a query. Thread-safe.
/// </summary>
internal sealed class ModelIndex : IDisposable
{
    private readonly ModelRegistry registry;
    private readonly QueryCache queries;
    private readonly TimeProvider time;
    private readonly TimeSpan lifetime;
    private Picture? current;

    public ModelIndex(ModelRegistry registry, QueryCache queries, TimeProvider time, TimeSpan lifetime)
    {
        this.registry = registry;
        this.queries = queries;
        this.time = time;
        this.lifetime = lifetime;
        queries.Invalidated += Forget;
    }

    /// <summary>The version; <c>null</c> when there is none. Completes at once while the picture is valid.</summary>
    /// <param name="name">Model name. Hostile: nothing is kept of a name that is not registered.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="cancellationToken">Stops the waiting; the picture is made for others.</param>
    public ValueTask<ServedModel?> FindAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var picture = Volatile.Read(ref current);
        return picture is not null && picture.Made.IsCompletedSuccessfully && time.GetElapsedTime(picture.Since) < lifetime
            ? ValueTask.FromResult(picture.Made.Result.Find(name, version))
            : new ValueTask<ServedModel?>(FindSlowAsync(name, version, cancellationToken));
    }

    public void Dispose() => queries.Invalidated -= Forget;

    private void Forget(string tag)
    {
        if (tag == CacheTags.Models)
        {
            // A picture that is being taken is not kept either: who waits for it asked before the change was done.
            Volatile.Write(ref current, null);
        }
    }

    private async Task<ServedModel?> FindSlowAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var picture = Volatile.Read(ref current);
        if (picture is null || picture.Made.IsFaulted || time.GetElapsedTime(picture.Since) >= lifetime)
        {
            var next = new Picture(time.GetTimestamp(), registry);
            var seen = Interlocked.CompareExchange(ref current, next, picture);
            picture = ReferenceEquals(seen, picture) ? next : seen ?? next;
        }

        return (await picture.Made.WaitAsync(cancellationToken).ConfigureAwait(false)).Find(name, version);
    }

    /// <summary>All versions at one moment, listed once by the first who needs it.</summary>
    private sealed class Picture(long since, ModelRegistry registry)
    {
        private readonly Lazy<Task<Versions>> made = new(() => Task.Run(() => ReadAsync(registry)));

        public long Since => since;

        public Task<Versions> Made => made.Value;

        private static async Task<Versions> ReadAsync(ModelRegistry registry)
        {
            var models = (await registry.ListAsync(CancellationToken.None).ConfigureAwait(false)).Select(version => new ServedModel(version)).ToList();
            return new Versions(
                models.ToFrozenDictionary(model => model.Key),
                models.Where(model => model.Version.Active).DistinctBy(model => model.Key.Name).ToFrozenDictionary(model => model.Key.Name, StringComparer.Ordinal));
        }
    }

    private sealed record Versions(FrozenDictionary<ModelKey, ServedModel> All, FrozenDictionary<string, ServedModel> Active)
    {
        public ServedModel? Find(string name, string? version) =>
            version is null ? Active.GetValueOrDefault(name) : All.GetValueOrDefault(new ModelKey(name, version));
    }
}
