using System.Diagnostics;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Pipeline.Caching;

/// <summary>Counts look-ups of one cache in <see cref="Instruments.CacheLookups"/>.</summary>
/// <param name="cache"><c>predictions</c> or <c>queries</c>.</param>
internal sealed class LookupCounts(string cache)
{
    private readonly TagList memoryHit = Tags(cache, "memory", "hit");
    private readonly TagList memoryMiss = Tags(cache, "memory", "miss");
    private readonly TagList sharedHit = Tags(cache, "redis", "hit");
    private readonly TagList sharedMiss = Tags(cache, "redis", "miss");

    public void Memory(int hits, int misses) => Add(hits, memoryHit, misses, memoryMiss);

    public void Shared(int hits, int misses) => Add(hits, sharedHit, misses, sharedMiss);

    private static void Add(int hits, in TagList hit, int misses, in TagList miss)
    {
        if (hits > 0)
        {
            Instruments.CacheLookups.Add(hits, hit);
        }

        if (misses > 0)
        {
            Instruments.CacheLookups.Add(misses, miss);
        }
    }

    private static TagList Tags(string cache, string level, string result) => new() { { "cache", cache }, { "level", level }, { "result", result } };
}
