using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Durable;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Uploads;

/// <summary>Uploads whose process has ended between the last byte and the dataset, where others receive over the same stores.</summary>
public sealed class UploadResumeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Now);
    private PipelineFixture fixture = null!;
    private UploadDesk desk = null!;

    public async Task InitializeAsync()
    {
        fixture = await PipelineFixture.OpenAsync();
        desk = new UploadDesk(fixture.Runtime.Blobs, fixture.Runtime.Documents, fixture.Runtime.Datasets, fixture.Runtime.Drops, new AzureRuntimeFixture.ToldProgress(), new UploadOptions(), time);
    }

    public async Task DisposeAsync()
    {
        await desk.DisposeAsync();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task One_that_nobody_has_touched_for_long_is_a_dataset_when_the_call_returns()
    {
        var left = await ReceivedAsync("left", Now - TimeSpan.FromHours(4), "{\"text\":\"a\",\"label\":\"b\"}\n");

        await desk.ResumeAsync(Now - TimeSpan.FromHours(3), CancellationToken.None);

        var after = await FindAsync(left.Id);
        Assert.Equal(UploadState.Registered, after.State);
        Assert.Equal(after.DatasetId, Assert.Single(await fixture.Runtime.Datasets.ListAsync(CancellationToken.None)).Id);
    }

    [Fact]
    public async Task One_that_another_process_may_be_registering_is_left_to_it()
    {
        var busy = await ReceivedAsync("busy", Now - TimeSpan.FromHours(2), "{\"text\":\"a\",\"label\":\"b\"}\n");

        await desk.ResumeAsync(Now - TimeSpan.FromHours(3), CancellationToken.None);

        Assert.Equal(busy, await FindAsync(busy.Id) with { Evaluations = busy.Evaluations });
        Assert.Empty(await fixture.Runtime.Datasets.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task One_that_is_refused_says_why_and_keeps_no_other_from_being_registered()
    {
        var refused = await ReceivedAsync("refused", Now - TimeSpan.FromHours(5), "\0\0\0\0no dataset");
        var left = await ReceivedAsync("left", Now - TimeSpan.FromHours(4), "{\"text\":\"a\",\"label\":\"b\"}\n");

        await desk.ResumeAsync(Now - TimeSpan.FromHours(3), CancellationToken.None);

        Assert.Equal(UploadState.Refused, (await FindAsync(refused.Id)).State);
        Assert.NotNull((await FindAsync(refused.Id)).Problem);
        Assert.Equal(UploadState.Registered, (await FindAsync(left.Id)).State);
    }

    [Fact]
    public async Task One_that_could_not_be_looked_up_can_be_gone_on_with_later()
    {
        var left = await ReceivedAsync("left", Now - TimeSpan.FromHours(4), "{\"text\":\"a\",\"label\":\"b\"}\n");
        var documents = new MomentDocumentStore(fixture.Runtime.Documents) { BeforeFind = _ => throw new ProblemException("storage-busy", "Not now.") };
        await using var busy = new UploadDesk(
            fixture.Runtime.Blobs, documents, fixture.Runtime.Datasets, fixture.Runtime.Drops, new AzureRuntimeFixture.ToldProgress(), new UploadOptions(), time);

        await Assert.ThrowsAsync<ProblemException>(() => busy.ResumeAsync(Now - TimeSpan.FromHours(3), CancellationToken.None));
        documents.BeforeFind = null;
        await busy.ResumeAsync(Now - TimeSpan.FromHours(3), CancellationToken.None);

        Assert.Equal(UploadState.Registered, (await FindAsync(left.Id)).State);
    }

    [Fact]
    public async Task Bytes_that_another_process_may_be_receiving_are_left_to_it()
    {
        // A whole upload is noted at its end only.
        var id = new string('a', 32);
        await using (var blob = await fixture.Runtime.Blobs.OpenGrowingAsync(id, 0, CancellationToken.None))
        {
            await blob.AppendAsync("some"u8.ToArray(), CancellationToken.None);
            await blob.FlushAsync(CancellationToken.None);
        }

        await desk.SweepAsync(DateTimeOffset.UtcNow.AddHours(-3), CancellationToken.None);
        Assert.Equal([id], fixture.Runtime.Blobs.ListGrowing());

        await desk.SweepAsync(DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None);
        Assert.Empty(fixture.Runtime.Blobs.ListGrowing());
    }

    private async Task<Upload> ReceivedAsync(string name, DateTimeOffset at, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var upload = new Upload
        {
            Id = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(name.PadRight(16))),
            Name = name + ".jsonl",
            Length = bytes.Length,
            Offset = bytes.Length,
            State = UploadState.Registering,
            CreatedAt = at,
            UpdatedAt = at,
            ExpiresAt = at + TimeSpan.FromDays(1),
        };
        await using (var blob = await fixture.Runtime.Blobs.OpenGrowingAsync(upload.Id, 0, CancellationToken.None))
        {
            await blob.AppendAsync(bytes, CancellationToken.None);
            await blob.FlushAsync(CancellationToken.None);
        }

        await fixture.Runtime.Documents.PutAsync(Containers.Uploads, Containers.Partition, upload.Id, upload, IDocumentStore.MustNotExist, CancellationToken.None);
        return upload;
    }

    private async Task<Upload> FindAsync(string id) =>
        (await fixture.Runtime.Documents.FindAsync<Upload>(Containers.Uploads, Containers.Partition, id, CancellationToken.None))!.Value;
}
