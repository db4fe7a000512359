using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Tests.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Housekeeping;

public sealed class OrphanSweepTests
{
    [Fact]
    public async Task Old_blobs_that_nobody_refers_to_go_and_all_others_stay()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var job = await fixture.EvaluateAsync(model, dataset);
        var blobs = fixture.Runtime.Blobs;
        var before = await PathsAsync(blobs);
        string[] orphans =
        [
            $"work/{job.Id}/shards/000000.rows.jsonl", "work/gone/plan.json", "work/gone/shards/000001.rows.jsonl", "staged/packing-1", "staged/ffff", "inspections/ffff.json", "models/topic/lost/model.onnx",
        ];
        foreach (var orphan in orphans)
        {
            await WriteAsync(blobs, orphan);
        }

        await WriteAsync(blobs, "of/someone/else");

        var young = await SweepAsync(fixture, TimeSpan.FromHours(23));
        Assert.Equal(0, young.All);
        var swept = await SweepAsync(fixture, TimeSpan.FromHours(25));

        Assert.Equal(new SweptOrphans(3, 2, 1, 1), swept);
        Assert.Equal([.. before.Append("of/someone/else").Order(StringComparer.Ordinal)], await PathsAsync(blobs));
        Assert.Equal(0, (await SweepAsync(fixture, TimeSpan.FromHours(25))).All);
    }

    [Fact]
    public async Task What_is_written_again_while_it_sweeps_stays()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await WriteAsync(fixture.Runtime.Blobs, "staged/ffff");
        var store = new RewritingStore(fixture.Runtime.Blobs);
        var sweep = new OrphanSweep(store, fixture.Runtime.Documents, fixture.Runtime.Workflows, new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(2)));

        Assert.Equal(0, (await sweep.RunAsync(default)).All);
        Assert.NotNull(await fixture.Runtime.Blobs.FindAsync("staged/ffff", default));
    }

    [Fact]
    public async Task What_is_registered_between_the_last_look_and_the_deletion_stays()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        string[] paths = ["inspections/ffff.json", "models/topic/lost/model.onnx", "staged/ffff", "work/gone/plan.json"];
        foreach (var path in paths)
        {
            await WriteAsync(fixture.Runtime.Blobs, path);
        }

        var store = new RewritingStore(fixture.Runtime.Blobs) { BeforeDeletion = true };
        var sweep = new OrphanSweep(store, fixture.Runtime.Documents, fixture.Runtime.Workflows, new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(2)));

        Assert.Equal(0, (await sweep.RunAsync(default)).All);
        Assert.Superset(paths.ToHashSet(), (await PathsAsync(fixture.Runtime.Blobs)).ToHashSet());
    }

    private static Task<SweptOrphans> SweepAsync(PipelineFixture fixture, TimeSpan later) =>
        new OrphanSweep(fixture.Runtime.Blobs, fixture.Runtime.Documents, fixture.Runtime.Workflows, new FakeTimeProvider(DateTimeOffset.UtcNow + later)).RunAsync(default);

    private static Task<BlobFacts> WriteAsync(IBlobStore blobs, string path) => blobs.WriteAsync(path, (stream, token) => stream.WriteAsync(new byte[10], token).AsTask(), default);

    private static async Task<List<string>> PathsAsync(IBlobStore blobs) => await blobs.ListAsync(string.Empty, default).Select(blob => blob.Path).ToListAsync();

    /// <summary>A store in which someone writes a blob again between the listing and the second look, or between that and the deletion.</summary>
    private sealed class RewritingStore(IBlobStore inner) : IBlobStore
    {
        public bool BeforeDeletion { get; init; }

        public async Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken)
        {
            if (!BeforeDeletion)
            {
                await OrphanSweepTests.WriteAsync(inner, path);
            }

            return await inner.FindAsync(path, cancellationToken);
        }

        public Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken) => inner.OpenReadAsync(path, offset, length, cancellationToken);

        public Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => inner.WriteAsync(path, write, cancellationToken);

        public IAsyncEnumerable<BlobFacts> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
        {
            await OrphanSweepTests.WriteAsync(inner, path);
            return await inner.DeleteAsync(path, cancellationToken);
        }

        public async Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken)
        {
            await OrphanSweepTests.WriteAsync(inner, path);
            return await inner.DeleteAsync(path, ifMatch, cancellationToken);
        }
    }
}
