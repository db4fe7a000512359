using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Pipeline.Operations.Stores;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Operations;

/// <summary>Blobs are measured, by labels of a fixed few. Other tests of this process count into the same instruments, so a lower bound is what can be asked for.</summary>
public sealed class MeasuredBlobStoreTests
{
    [Fact]
    public async Task Calls_and_bytes_are_measured_and_the_store_is_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var seen = new ConcurrentDictionary<string, double>();
        Instrument[] wanted = [Instruments.StoreOperationDuration, Instruments.BlobBytes];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (wanted.Contains(instrument))
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Add(tags, 1));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(tags, value));
        listener.Start();
        void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, double value)
        {
            var key = string.Join(' ', tags.ToArray().Select(tag => tag.Value));
            seen.AddOrUpdate(key, value, (_, before) => before + value);
        }

        var store = MeasuredGrowingBlobStore.Of(new FolderBlobStore(folder.File("blobs")));
        var content = new byte[70_000];
        new Random(1).NextBytes(content);
        await store.WriteAsync("a/b", (stream, token) => stream.WriteAsync(content, token).AsTask(), default);
        Assert.Equal(70_000, (await store.FindAsync("a/b", default))!.Length);
        await using (var stream = await store.OpenReadAsync("a/b", 10_000, 50_000, default))
        {
            using var read = new MemoryStream();
            await stream.CopyToAsync(read);
            Assert.Equal(content[10_000..60_000], read.ToArray());
        }

        await Assert.ThrowsAsync<ProblemException>(() => store.OpenReadAsync("absent", 0, null, default));
        var listed = new List<string>();
        await foreach (var facts in store.ListAsync("a/", default))
        {
            listed.Add(facts.Path);
        }

        Assert.Equal(["a/b"], listed);
        Assert.True(await store.DeleteAsync("a/b", default));
        Assert.True(seen["read"] >= 50_000 && seen["written"] >= 70_000);
        Assert.True(seen["blobs find"] >= 1 && seen["blobs read"] >= 2 && seen["blobs write"] >= 1 && seen["blobs list"] >= 1 && seen["blobs delete"] >= 1);
        Assert.DoesNotContain(seen.Keys, key => key.Contains("a/b", StringComparison.Ordinal));
    }
}
