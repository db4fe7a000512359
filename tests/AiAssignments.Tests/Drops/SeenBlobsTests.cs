using AiAssignments.Core.Storage;
using AiAssignments.Local.Drops;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Drops;

public sealed class SeenBlobsTests
{
    private static readonly BlobFacts First = new("a", 1, "1", DateTimeOffset.UnixEpoch);
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Each_version_comes_once()
    {
        var seen = new SeenBlobs(time);

        Assert.Equal([First], seen.News([First]));
        Assert.Empty(seen.News([First]));
        Assert.Equal([First with { ETag = "2" }], seen.News([First with { ETag = "2" }]));
        Assert.Empty(seen.News([]));
        Assert.Equal([First], seen.News([First]));
    }

    [Fact]
    public void What_failed_comes_again_after_pauses_that_grow_to_five_minutes()
    {
        var seen = new SeenBlobs(time);
        Assert.Equal([First], seen.News([First]));
        foreach (var pause in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        {
            seen.Again(First);
            time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
            Assert.Empty(seen.News([First]));
            time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal([First], seen.News([First]));
        }

        // One that changed meanwhile has come already.
        seen.News([First with { ETag = "2" }]);
        seen.Again(First);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(seen.News([First with { ETag = "2" }]));
    }
}
