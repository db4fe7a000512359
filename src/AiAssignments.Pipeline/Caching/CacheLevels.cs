using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace AiAssignments.Pipeline.Caching;

/// <summary>Makes the caches: memory with a bound, then the shared level where there is one, which is never waited for long and never fails a caller.</summary>
internal static class CacheLevels
{
    // Writes that a lost shared level missed and that are repeated when it is back; only invalidations matter, and few tags have any.
    private const int RepeatedWrites = 1000;

    public static FusionCache Predictions(CacheOptions options, ISharedCache? shared)
    {
        // No tags and no backplane: the content hash is in the key, so an entry is never wrong, only unused.
        var cache = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "predictions",
                DefaultEntryOptions = Entries(options, options.PredictionLifetime),
                DistributedCacheCircuitBreakerDuration = options.SharedPause,
                DisableTagging = true,
                EnableAutoRecovery = false,
                EnableBestPracticesAdvisor = false,
                PreferSyncSerialization = true,
            },
            Memory(options.PredictionBytes));
        if (shared is not null)
        {
            cache.SetupDistributedCache(shared.Entries, new CacheSerializer());
        }

        return cache;
    }

    public static FusionCache Queries(CacheOptions options, ISharedCache? shared)
    {
        var tags = Entries(options, TimeSpan.FromDays(10)).SetSize(0).SetPriority(CacheItemPriority.NeverRemove).SetFailSafe(true, TimeSpan.FromDays(10));
        var settings = new FusionCacheOptions
        {
            CacheName = "queries",
            CacheKeyPrefix = CacheKeys.Queries,
            BackplaneChannelPrefix = CacheKeys.Queries + "changes",
            DefaultEntryOptions = Entries(options, options.QueryLifetime).SetSize(1),
            TagsDefaultEntryOptions = tags,
            DistributedCacheCircuitBreakerDuration = options.SharedPause,
            BackplaneCircuitBreakerDuration = options.SharedPause,
            AutoRecoveryDelay = TimeSpan.FromSeconds(1),
            AutoRecoveryMaxItems = RepeatedWrites,
            EnableBestPracticesAdvisor = false,
            EnableSyncEventHandlersExecution = true,
            PreferSyncSerialization = true,
        };
        var cache = new FusionCache(settings, Memory(options.QueryDocuments));
        if (shared is not null)
        {
            cache.SetupDistributedCache(shared.Entries, new CacheSerializer());
            cache.SetupBackplane(shared.CreateBackplane());
        }

        return cache;
    }

    private static MemoryCache Memory(long size) => new(new MemoryCacheOptions { SizeLimit = size, CompactionPercentage = 0.1, ExpirationScanFrequency = TimeSpan.FromMinutes(1) });

    private static FusionCacheEntryOptions Entries(CacheOptions options, TimeSpan lifetime) => new(lifetime)
    {
        DistributedCacheSoftTimeout = options.SharedTimeout,
        DistributedCacheHardTimeout = options.SharedTimeout,
        AllowBackgroundDistributedCacheOperations = true,
        AllowBackgroundBackplaneOperations = true,
        ReThrowDistributedCacheExceptions = false,
        ReThrowSerializationExceptions = false,
        ReThrowBackplaneExceptions = false,
    };
}
