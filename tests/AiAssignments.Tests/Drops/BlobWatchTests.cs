using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Documents;
using AiAssignments.Local.Drops;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Operations.Stores;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Drops;

public sealed class BlobWatchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly SqliteDocumentStore documents;
    private readonly FaultyStore models;
    private readonly FaultyStore datasets;

    public BlobWatchTests()
    {
        documents = new SqliteDocumentStore(folder.File("documents.db"));
        models = new FaultyStore(new FolderBlobStore(folder.File("models")));
        datasets = new FaultyStore(new FolderBlobStore(folder.File("datasets")));
    }

    [Fact]
    public async Task A_container_that_cannot_be_listed_loses_nothing_of_the_other()
    {
        await models.WriteAsync("m.onnx", Text, default);
        await datasets.WriteAsync("d.csv", Text, default);
        datasets.ListFaults.Enqueue(new IOException("reset"));

        Assert.Equal(["m.onnx", "d.csv"], (await WatchAsync()).Select(arrival => arrival.Name));
    }

    [Fact]
    public async Task What_could_not_be_taken_in_for_a_reason_that_passes_comes_again()
    {
        await datasets.WriteAsync("d.csv", Text, default);
        datasets.FindFaults.Enqueue(new IOException("reset"));
        datasets.FindFaults.Enqueue(new ProblemException("storage-busy", "It passes."));
        datasets.FindFaults.Enqueue(new ProblemException("storage-denied", "It does not pass."));
        await using var batches = Watch().GetAsyncEnumerator();

        Assert.IsType<IOException>(await AcceptAsync(batches));
        Assert.IsType<ProblemException>(await AcceptAsync(batches));
        Assert.IsType<ProblemException>(await AcceptAsync(batches));
        var next = batches.MoveNextAsync().AsTask();
        for (var look = 0; look < 10; look++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(next.IsCompleted);
        await datasets.WriteAsync("e.csv", Text, default);
        await NextAsync(next);
        Assert.Equal(["e.csv"], batches.Current.Select(arrival => arrival.Name));
    }

    [Fact]
    public async Task What_was_taken_in_before_a_stop_is_passed_over_until_it_changes()
    {
        var first = await datasets.WriteAsync("d.csv", Text, default);
        await new SettledDrops(documents).AddAsync("datasets", first, default);
        datasets.FindFaults.Enqueue(new IOException("asked for"));
        await using var batches = Watch().GetAsyncEnumerator();

        Assert.Null(await AcceptAsync(batches));
        await datasets.WriteAsync("d.csv", Text, default);
        Assert.IsType<IOException>(await AcceptAsync(batches));
    }

    public void Dispose()
    {
        documents.Dispose();
        folder.Dispose();
    }

    private static Task Text(Stream stream, CancellationToken token) => stream.WriteAsync(Encoding.UTF8.GetBytes("text"), token).AsTask();

    // Nothing is taken in here: looking for the blob, which comes first, fails.
    private IAsyncEnumerable<IReadOnlyList<Arrival>> Watch() => new BlobWatch(models, datasets, new BlobDrops(null!, null!), new SettledDrops(documents), time, NullLogger.Instance).WatchAsync(CancellationToken.None);

    private async Task<IReadOnlyList<Arrival>> WatchAsync()
    {
        await using var batches = Watch().GetAsyncEnumerator();
        await NextAsync(batches.MoveNextAsync().AsTask());
        return batches.Current;
    }

    private async Task<Exception?> AcceptAsync(IAsyncEnumerator<IReadOnlyList<Arrival>> batches)
    {
        await NextAsync(batches.MoveNextAsync().AsTask());
        var arrival = Assert.Single(batches.Current);
        return await Record.ExceptionAsync(() => arrival.AcceptAsync(CancellationToken.None));
    }

    private async Task NextAsync(Task<bool> next)
    {
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(await next);
    }

    private sealed class FaultyStore(IBlobStore inner) : MeasuredBlobStore(inner), IBlobStore
    {
        public Queue<Exception> ListFaults { get; } = new();

        public Queue<Exception> FindFaults { get; } = new();

        IAsyncEnumerable<BlobFacts> IBlobStore.ListAsync(string prefix, CancellationToken cancellationToken) =>
            ListFaults.TryDequeue(out var fault) ? throw fault : ListAsync(prefix, cancellationToken);

        Task<BlobFacts?> IBlobStore.FindAsync(string path, CancellationToken cancellationToken) =>
            FindFaults.TryDequeue(out var fault) ? throw fault : FindAsync(path, cancellationToken);
    }
}
