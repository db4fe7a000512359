using System.Net;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Azure.Blobs;

/// <summary>What an emulator does not show: the service's faults, and what is asked of it.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "ServerBusy")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(HttpStatusCode.InternalServerError, "OperationTimedOut")]
    [InlineData(HttpStatusCode.TooManyRequests, null)]
    [InlineData(HttpStatusCode.BadGateway, null)]
    public async Task What_passes_is_tried_again_and_succeeds(HttpStatusCode status, string? error)
    {
        var refusals = 6;
        using var service = new ScriptedService(_ => ScriptedService.Reply(refusals-- > 0 ? status : HttpStatusCode.Created, refusals >= 0 ? error : null));
        using var blobs = service.Connect();

        var written = await blobs.Store.WriteAsync("a", Bytes(10), default);

        Assert.Equal(10, written.Length);
        Assert.Equal("0x1", written.ETag);
        Assert.Equal(7, service.Requests.Count);
        Assert.All(service.Requests, request => Assert.Equal("Bearer token-of-the-identity", request.Headers["Authorization"]));
        Assert.All(service.Requests, request => Assert.Equal(10, request.Body.Length));
    }

    [Fact]
    public async Task What_does_not_pass_in_seven_tries_is_a_fault_that_workflows_try_again()
    {
        using var service = new ScriptedService(_ => ScriptedService.Reply(HttpStatusCode.ServiceUnavailable, "ServerBusy"));
        using var blobs = service.Connect();

        var fault = await Assert.ThrowsAsync<StorageFaultException>(() => blobs.Store.WriteAsync("a", Bytes(10), default));

        Assert.Contains("503 ServerBusy", fault.Message, StringComparison.Ordinal);
        Assert.Equal(7, service.Requests.Count);
    }

    [Fact]
    public async Task A_lost_connection_is_tried_again()
    {
        var losses = 2;
        using var service = new ScriptedService(_ => losses-- > 0 ? throw new HttpRequestException("reset") : ScriptedService.Reply(HttpStatusCode.Created));
        using var blobs = service.Connect();

        await blobs.Store.WriteAsync("a", Bytes(10), default);
        Assert.Equal(3, service.Requests.Count);

        losses = 100;
        await Assert.ThrowsAsync<StorageFaultException>(() => blobs.Store.WriteAsync("a", Bytes(10), default));
        await Assert.ThrowsAsync<StorageFaultException>(() => blobs.Store.FindAsync("a", default));
    }

    [Theory]
    [InlineData(HttpStatusCode.PreconditionFailed, "ConditionNotMet", "blob-conflict")]
    [InlineData(HttpStatusCode.Conflict, "BlobAlreadyExists", "blob-conflict")]
    [InlineData(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch", "storage-denied")]
    [InlineData(HttpStatusCode.NotFound, "ContainerNotFound", "storage-missing")]
    public async Task What_a_caller_can_mend_is_said_at_once(HttpStatusCode status, string error, string code)
    {
        using var service = new ScriptedService(asked => asked switch
        {
            { Method: "GET" } => ScriptedService.Reply(HttpStatusCode.NotFound, "BlobNotFound"),
            { Component: "block" } => ScriptedService.Reply(HttpStatusCode.Created),
            _ => ScriptedService.Reply(status, error),
        });
        using var blobs = service.Connect();

        Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.WriteAsync("a", Bytes(10), "0x7", default))).Problem.Code);
        Assert.Equal("\"0x7\"", Assert.Single(service.Requests, request => request is { Method: "PUT", Component: "blocklist" }).Headers["If-Match"]);
    }

    [Fact]
    public async Task A_large_blob_is_staged_in_blocks_and_committed_once_under_the_condition()
    {
        using var service = new ScriptedService(_ => ScriptedService.Reply(HttpStatusCode.Created));
        using var blobs = service.Connect(blockBytes: 1000);

        var written = await blobs.Store.WriteAsync("a/b", Bytes(2500), IDocumentStore.MustNotExist, default);

        Assert.Equal(2500, written.Length);
        var blocks = service.Requests.Where(request => request.Component == "block").ToList();
        Assert.Equal([500, 1000, 1000], blocks.Select(block => block.Body.Length).Order());
        var commit = Assert.Single(service.Requests, request => request.Component == "blocklist");
        Assert.Same(commit, service.Requests[^1]);
        Assert.Equal("*", commit.Headers["If-None-Match"]);
        var list = Encoding.UTF8.GetString(commit.Body);
        Assert.All(blocks, block => Assert.Contains($"<Latest>{System.Web.HttpUtility.ParseQueryString(block.Uri.Query)["blockid"]}</Latest>", list, StringComparison.Ordinal));
        Assert.All(service.Requests, request => Assert.Equal("/store/a/b", request.Uri.AbsolutePath));
    }

    [Fact]
    public async Task A_large_write_that_fails_commits_nothing()
    {
        using var service = new ScriptedService(asked => ScriptedService.Reply(HttpStatusCode.Created));
        using var blobs = service.Connect(blockBytes: 1000);

        await Assert.ThrowsAsync<InvalidDataException>(() => blobs.Store.WriteAsync("a", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[5000], token);
            throw new InvalidDataException();
        }, default));

        Assert.All(service.Requests, request => Assert.Equal("block", request.Component));
    }

    [Fact]
    public async Task A_block_list_that_another_writer_outdated_counts_as_overwritten()
    {
        using var service = new ScriptedService(asked => asked switch
        {
            { Component: "blocklist" } => ScriptedService.Reply(HttpStatusCode.BadRequest, "InvalidBlockList"),
            { Method: "HEAD" } => Head(7, "\"0x2\""),
            _ => ScriptedService.Reply(HttpStatusCode.Created),
        });
        using var blobs = service.Connect(blockBytes: 1000);

        var facts = await blobs.Store.WriteAsync("a", Bytes(5000), default);

        Assert.Equal(("0x2", 7L), (facts.ETag, facts.Length));
        Assert.Equal("blob-conflict", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.WriteAsync("a", Bytes(5000), "0x1", default))).Problem.Code);
    }

    [Fact]
    public async Task A_version_is_deleted_under_its_tag()
    {
        var status = HttpStatusCode.PreconditionFailed;
        using var service = new ScriptedService(_ => ScriptedService.Reply(status, status == HttpStatusCode.Accepted ? null : "ConditionNotMet"));
        using var blobs = service.Connect();

        Assert.False(await blobs.Store.DeleteAsync("a", "0x7", default));
        status = HttpStatusCode.Accepted;
        Assert.True(await blobs.Store.DeleteAsync("a", "0x7", default));
        Assert.All(service.Requests, request => Assert.Equal(("DELETE", "\"0x7\""), (request.Method, request.Headers["If-Match"])));
    }

    [Fact]
    public async Task A_blob_that_is_being_copied_is_not_there_yet()
    {
        using var service = new ScriptedService(_ =>
        {
            var reply = Head(7, "\"0x2\"");
            reply.Headers.Add("x-ms-copy-status", "pending");
            return reply;
        });
        using var blobs = service.Connect();

        Assert.Null(await blobs.Store.FindAsync("a", default));
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_with_the_same_version_only()
    {
        var tries = 0;
        using var service = new ScriptedService(asked =>
        {
            if (tries++ == 0)
            {
                var first = ScriptedService.Reply(HttpStatusCode.OK, etag: "\"0x5\"");
                first.Content = new StreamContent(new BreakingStream(40, 100));
                first.Content.Headers.ContentLength = 100;
                first.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
                return first;
            }

            Assert.Equal("\"0x5\"", asked.Headers["If-Match"]);
            Assert.StartsWith("bytes=40-", asked.Headers["x-ms-range"], StringComparison.Ordinal);
            return ScriptedService.Reply(HttpStatusCode.PreconditionFailed, "ConditionNotMet");
        });
        using var blobs = service.Connect();

        await using var stream = await blobs.Store.OpenReadAsync("a", 0, null, default);
        var read = new byte[100];
        Assert.Equal("blob-conflict", (await Assert.ThrowsAsync<ProblemException>(() => stream.ReadAtLeastAsync(read, 100).AsTask())).Problem.Code);
        Assert.Equal(2, tries);
    }

    private static HttpResponseMessage Head(int length, string etag)
    {
        var reply = ScriptedService.Reply(HttpStatusCode.OK, etag: etag);
        reply.Content = new ByteArrayContent(new byte[length]);
        reply.Content.Headers.ContentLength = length;
        reply.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return reply;
    }

    private static Func<Stream, CancellationToken, Task> Bytes(int count) => (stream, token) => stream.WriteAsync(new byte[count], token).AsTask();

    /// <summary>Gives so many bytes, and then the connection is lost.</summary>
    private sealed class BreakingStream(int good, int length) : MemoryStream(new byte[length])
    {
        public override int Read(byte[] buffer, int offset, int count) => Position < good ? base.Read(buffer, offset, (int)Math.Min(count, good - Position)) : throw new IOException("reset");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < good ? base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, good - Position)], cancellationToken) : throw new IOException("reset");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
