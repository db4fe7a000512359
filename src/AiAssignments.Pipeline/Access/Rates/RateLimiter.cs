using System.Collections.Concurrent;

namespace AiAssignments.Pipeline.Access.Rates;

/// <summary>
/// Token buckets by name, as the generic cell rate algorithm (ITU-T I.371): one number a bucket, the time at which it is full again.
/// The number of buckets is bounded, whatever names come: a full bucket is as good as none and is forgotten, and when there is no room left, new names share one bucket.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">Most buckets, 1 or more.</param>
public sealed class RateLimiter(TimeProvider time, int capacity)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);
    private readonly Bucket shared = new();
    private readonly Lock sweeping = new();
    private long nextSweep;
    private int count;

    /// <summary>Buckets kept at the moment, for the metrics.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Takes one request out of a bucket.</summary>
    /// <param name="name">Whose bucket.</param>
    /// <param name="limit">Its rate.</param>
    /// <returns><c>null</c> when there was one; else how long until there is.</returns>
    public TimeSpan? Charge(string name, RateLimit limit)
    {
        // Ticks of 100 ns; nothing is gained by less.
        var now = time.GetUtcNow().UtcTicks;
        var step = Math.Max(1, (long)(TimeSpan.TicksPerSecond / limit.PerSecond));
        var wait = BucketOf(name, now).Charge(now, step, step * limit.Burst);
        return wait > 0 ? TimeSpan.FromTicks(wait) : null;
    }

    private Bucket BucketOf(string name, long now)
    {
        if (buckets.TryGetValue(name, out var known))
        {
            return known;
        }

        if (Count >= capacity)
        {
            Sweep(now);
            if (Count >= capacity)
            {
                return shared;
            }
        }

        var added = new Bucket();
        var bucket = buckets.GetOrAdd(name, added);
        if (ReferenceEquals(bucket, added))
        {
            Interlocked.Increment(ref count);
        }

        return bucket;
    }

    private void Sweep(long now)
    {
        // At most once a second: a flood of new names must not pay with a walk each.
        if (now < Volatile.Read(ref nextSweep) || !sweeping.TryEnter())
        {
            return;
        }

        try
        {
            nextSweep = now + TimeSpan.TicksPerSecond;
            foreach (var (name, bucket) in buckets)
            {
                if (bucket.IsFull(now) && buckets.TryRemove(name, out _))
                {
                    Interlocked.Decrement(ref count);
                }
            }
        }
        finally
        {
            sweeping.Exit();
        }
    }

    private sealed class Bucket
    {
        private long fullAt;

        public bool IsFull(long now) => Volatile.Read(ref fullAt) <= now;

        /// <summary>0 when one was taken; else ticks until there is one.</summary>
        public long Charge(long now, long step, long capacity)
        {
            while (true)
            {
                var seen = Volatile.Read(ref fullAt);
                var after = Math.Max(seen, now) + step;
                if (after - now > capacity)
                {
                    return after - now - capacity;
                }

                if (Interlocked.CompareExchange(ref fullAt, after, seen) == seen)
                {
                    return 0;
                }
            }
        }
    }
}
