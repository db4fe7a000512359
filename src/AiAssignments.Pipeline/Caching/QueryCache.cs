using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Events;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// Keeps the results of queries that are asked often. A result is invalid as soon as one of its tags is invalidated, in this process at once and in others within
/// the time of a message; a result whose making had begun before that is not kept. Thread-safe.
/// </summary>
public sealed class QueryCache : IDisposable
{
    private static readonly string[] AllTags = [CacheTags.Models, CacheTags.Datasets, CacheTags.Evaluations];

    private readonly FusionCache cache;
    private readonly ISharedCache? shared;
    private readonly LookupCounts counts = new("queries");

    internal QueryCache(CacheOptions options, ISharedCache? shared)
    {
        this.shared = shared;
        cache = CacheLevels.Queries(options, shared);
        cache.Events.Memory.Hit += (_, entry) => Count(entry, memory: true, hit: true);
        cache.Events.Memory.Miss += (_, entry) => Count(entry, memory: true, hit: false);
        cache.Events.Distributed.Hit += (_, entry) => Count(entry, memory: false, hit: true);
        cache.Events.Distributed.Miss += (_, entry) => Count(entry, memory: false, hit: false);
        cache.Events.Backplane.MessageReceived += (_, received) => Heard(received.Message.CacheKey);
        if (shared is not null)
        {
            shared.Reconnected += ForgetHere;
        }
    }

    /// <summary>Raised with the tag when it is invalidated, by this process or another one. Handlers are quick and do not throw.</summary>
    public event Action<string>? Invalidated;

    /// <summary>The kept result, or a new one. Of many who ask at once one makes it; when that one is cancelled or fails, the next one does.</summary>
    /// <typeparam name="T">The result: facts that JSON holds, not to be changed by who gets it.</typeparam>
    /// <param name="key">What is asked, with all its parameters. The same key is always asked for the same <typeparamref name="T"/>. Up to 1000 characters; a longer one is not kept.</param>
    /// <param name="tags">What the result is made of: <see cref="CacheTags"/>.</param>
    /// <param name="make">Asks the store. Its failure is the caller's, and is not kept.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <param name="weigh">How many documents a result has, which count towards <see cref="CacheOptions.QueryDocuments"/>. Default: 1.</param>
    public async ValueTask<T> GetOrSetAsync<T>(
        string key, IReadOnlyList<string> tags, Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken, Func<T, long>? weigh = null)
        where T : notnull
    {
        if (key.Length > 1000)
        {
            return await make(cancellationToken).ConfigureAwait(false);
        }

        var kept = await cache.GetOrSetAsync<T?>(
            key,
            async (context, token) =>
            {
                var result = await make(token).ConfigureAwait(false);
                if (weigh is not null)
                {
                    context.Options = context.Options.Duplicate().SetSize(weigh(result));
                }

                return result;
            },
            default,
            null,
            tags,
            cancellationToken).ConfigureAwait(false);

        // No result is null; an entry of the shared level that says so is not one of ours.
        return kept ?? await make(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes all results with this tag invalid. Does not wait for the shared level: a lost one is told when it is back.</summary>
    /// <param name="tag">One of <see cref="CacheTags"/>.</param>
    public async ValueTask InvalidateAsync(string tag)
    {
        Invalidated?.Invoke(tag);

        // Never cancelled: the write that made it necessary is done.
        await cache.RemoveByTagAsync(tag, null, CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (shared is not null)
        {
            shared.Reconnected -= ForgetHere;
        }

        cache.Dispose();
    }

    private void Count(FusionCacheEntryEventArgs entry, bool memory, bool hit)
    {
        // FusionCache looks its tags up as entries too.
        if (entry.Key.StartsWith(CacheKeys.TagPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var (hits, misses) = hit ? (1, 0) : (0, 1);
        if (memory)
        {
            counts.Memory(hits, misses);
        }
        else
        {
            counts.Shared(hits, misses);
        }
    }

    private void Heard(string? key)
    {
        if (key is not null && key.StartsWith(CacheKeys.TagPrefix, StringComparison.Ordinal))
        {
            Invalidated?.Invoke(key[CacheKeys.TagPrefix.Length..]);
        }
    }

    // What was invalidated while the shared level was away is not known here: everything is asked anew, and nobody else is told.
    private void ForgetHere()
    {
        var here = cache.DefaultEntryOptions.Duplicate(TimeSpan.FromDays(10)).SetSize(0).SetSkipDistributedCacheWrite(true, true);
        foreach (var tag in AllTags)
        {
            Invalidated?.Invoke(tag);
            cache.RemoveByTag(tag, here);
        }
    }
}
