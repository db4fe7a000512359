using AiAssignments.Core.Storage;

namespace AiAssignments.Local.Drops;

/// <summary>Which blobs of a container have come already, and which of them come again, after pauses that grow from a second to five minutes. Safe to use from several threads.</summary>
internal sealed class SeenBlobs(TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private Dictionary<string, Seen> known = new(StringComparer.Ordinal);

    /// <summary>Those that are new, changed, or due again; they count as seen from now on.</summary>
    /// <param name="present">All that lie there.</param>
    public List<BlobFacts> News(IReadOnlyList<BlobFacts> present)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var (news, next) = (new List<BlobFacts>(), new Dictionary<string, Seen>(StringComparer.Ordinal));
            foreach (var blob in present)
            {
                var same = known.GetValueOrDefault(blob.Path) is { } seen && seen.ETag == blob.ETag ? seen : new Seen(blob.ETag, 0, now);
                if (same.Due <= now)
                {
                    news.Add(blob);
                    same = same with { Due = null };
                }

                next[blob.Path] = same;
            }

            known = next;
            return news;
        }
    }

    /// <summary>Lets one come again, if it is still the same.</summary>
    /// <param name="blob">The one.</param>
    public void Again(BlobFacts blob)
    {
        lock (gate)
        {
            if (known.GetValueOrDefault(blob.Path) is { } seen && seen.ETag == blob.ETag)
            {
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 1 << Math.Min(seen.Failures, 20)));
                known[blob.Path] = new Seen(seen.ETag, seen.Failures + 1, time.GetUtcNow() + pause);
            }
        }
    }

    private sealed record Seen(string ETag, int Failures, DateTimeOffset? Due);
}
