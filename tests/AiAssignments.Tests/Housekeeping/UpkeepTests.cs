using System.Net;
using AiAssignments.Azure.Hosting;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Pipeline.Models.Serving;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Azure.Blobs;
using AiAssignments.Tests.Azure.Documents;
using AiAssignments.Tests.Durable;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Housekeeping;

/// <summary>What the Functions app's timer does.</summary>
public sealed class UpkeepTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow + TimeSpan.FromDays(60));
    private FolderBlobStore shelf = null!;
    private AzureRuntimeFixture fixture = null!;

    public Task InitializeAsync()
    {
        shelf = new FolderBlobStore(folder.File("shelf"));
        fixture = new AzureRuntimeFixture(parts => parts with
        {
            Shelf = shelf,
            Inference = new InferenceSettings { Servers = new RemoteOptions { Servers = [new Uri("http://127.0.0.1:1")], HealthInterval = Timeout.InfiniteTimeSpan }, HeavyModelBytes = 1 },
        });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await fixture.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_part_that_fails_keeps_no_other_from_being_done_and_is_told()
    {
        await LeaveWorkAsync();
        using var service = new ScriptedService(asked => ScriptedService.Reply(asked.Method == "PUT" ? HttpStatusCode.Created : HttpStatusCode.NotFound, asked.Method == "PUT" ? null : "BlobNotFound"));
        using var azure = service.Connect();
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(403) };
        using var forbidden = wire.Open();
        await using var uploads = Uploads(forbidden);

        var failed = await Assert.ThrowsAsync<AggregateException>(() => new Upkeep(fixture.Runtime, azure, fixture.Blobs, fixture.Runtime.Documents, uploads, time).RunAsync(CancellationToken.None));

        Assert.Equal(2, failed.InnerExceptions.Count);
        await AssertDoneAsync(orphans: false);
    }

    [Fact]
    public async Task What_another_instance_is_receiving_is_left_to_it()
    {
        await using (var blob = await fixture.Blobs.OpenGrowingAsync(new string('a', 32), 0, CancellationToken.None))
        {
            await blob.AppendAsync("some"u8.ToArray(), CancellationToken.None);
            await blob.FlushAsync(CancellationToken.None);
        }

        using var service = new ScriptedService(asked => ScriptedService.Reply(asked.Method == "PUT" ? HttpStatusCode.Created : HttpStatusCode.NotFound, asked.Method == "PUT" ? null : "BlobNotFound"));
        using var azure = service.Connect();
        await using var uploads = Uploads(fixture.Runtime.Documents);
        Task RunAsync(DateTimeOffset now) => new Upkeep(fixture.Runtime, azure, fixture.Blobs, fixture.Runtime.Documents, uploads, new FakeTimeProvider(now)).RunAsync(CancellationToken.None);

        await RunAsync(DateTimeOffset.UtcNow);
        Assert.Single(fixture.Blobs.ListGrowing());

        // Longer than a request may take (host.json).
        await RunAsync(DateTimeOffset.UtcNow.AddHours(4));
        Assert.Empty(fixture.Blobs.ListGrowing());
    }

    [Fact]
    public async Task In_a_container_that_a_data_folder_has_claimed_nothing_is_taken_for_an_orphan()
    {
        await LeaveWorkAsync();
        using var service = new ScriptedService(_ =>
        {
            var claimed = ScriptedService.Reply(HttpStatusCode.OK);
            claimed.Content = new StringContent(Guid.NewGuid().ToString("N"));
            claimed.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            return claimed;
        });
        using var azure = service.Connect();
        await using var uploads = Uploads(fixture.Runtime.Documents);

        await Assert.ThrowsAnyAsync<Exception>(() => new Upkeep(fixture.Runtime, azure, fixture.Blobs, fixture.Runtime.Documents, uploads, time).RunAsync(CancellationToken.None));

        await AssertDoneAsync(orphans: true);
    }

    // A blob that belongs to nothing, and a model that the servers lack.
    private async Task LeaveWorkAsync()
    {
        await fixture.Blobs.WriteAsync("staged/nobody", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), CancellationToken.None);
        await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: false, CancellationToken.None);
        await foreach (var blob in shelf.ListAsync(string.Empty, CancellationToken.None))
        {
            await shelf.DeleteAsync(blob.Path, CancellationToken.None);
        }
    }

    private async Task AssertDoneAsync(bool orphans)
    {
        Assert.Contains(await shelf.ListAsync(string.Empty, CancellationToken.None).ToListAsync(), blob => blob.Path.EndsWith(ServingShelf.Complete, StringComparison.Ordinal));
        Assert.Equal(orphans, await fixture.Blobs.FindAsync("staged/nobody", CancellationToken.None) is not null);
    }

    private UploadDesk Uploads(IDocumentStore documents) => new(fixture.Blobs, documents, fixture.Runtime.Datasets, fixture.Runtime.Drops, fixture.Progress, new UploadOptions(), time);
}
