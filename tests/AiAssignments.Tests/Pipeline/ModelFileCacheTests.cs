using AiAssignments.Pipeline.Models;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Pipeline;

public sealed class ModelFileCacheTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_least_recently_used_go_when_there_are_too_many_bytes()
    {
        var cache = new ModelFileCache(folder.Path, 250, time);
        Fill(cache, "xxh128:a", 100);
        Fill(cache, "xxh128:b", 100);
        time.Advance(TimeSpan.FromHours(1));
        cache.Take("xxh128:a");
        Fill(cache, "xxh128:c", 100);

        Assert.Equal(["xxh128-a", "xxh128-c"], Names());
        Fill(cache, "xxh128:d", 1000);
        Assert.Equal(["xxh128-d"], Names());
    }

    [Fact]
    public void What_was_used_in_the_last_minutes_stays_whatever_it_weighs()
    {
        var cache = new ModelFileCache(folder.Path, 10, time);
        foreach (var hash in new[] { "a", "b", "c" })
        {
            var taken = cache.Take(hash);
            File.WriteAllBytes(Path.Combine(taken, "model.onnx"), new byte[100]);
            cache.Trim(taken);
            time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(["a", "b", "c"], Names());
    }

    private void Fill(ModelFileCache cache, string hash, int bytes)
    {
        time.Advance(TimeSpan.FromHours(1));
        var taken = cache.Take(hash);
        File.WriteAllBytes(Path.Combine(taken, "model.onnx"), new byte[bytes]);
        cache.Trim(taken);
    }

    private IEnumerable<string> Names() => Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
