using System.Net;
using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Azure.Blobs;

public sealed class ContainerOwnerTests
{
    private byte[]? note;

    [Fact]
    public async Task A_deployment_claims_what_it_has_used_and_no_data_folder_does_after_it()
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect();

        await blobs.Store.ClaimForDeploymentAsync(default);
        await blobs.Store.ClaimForDeploymentAsync(default);

        Assert.DoesNotContain(service.Requests, request => request.Component == "list");
        Assert.Equal("*", Assert.Single(service.Requests, request => request.Method == "PUT").Headers["If-None-Match"]);
        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimAsync(Guid.NewGuid(), default))).Problem.Code);
    }

    [Fact]
    public async Task A_deployment_is_told_that_a_data_folder_was_first()
    {
        note = Encoding.UTF8.GetBytes(Guid.NewGuid().ToString("N"));
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect();

        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimForDeploymentAsync(default))).Problem.Code);
    }

    private HttpResponseMessage Answer(ScriptedService.Asked asked)
    {
        if (asked.Method == "PUT")
        {
            note = asked.Body;
            return ScriptedService.Reply(HttpStatusCode.Created);
        }

        if (note is null)
        {
            return ScriptedService.Reply(HttpStatusCode.NotFound, "BlobNotFound");
        }

        var reply = ScriptedService.Reply(HttpStatusCode.OK);
        reply.Content = new ByteArrayContent(note);
        reply.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return reply;
    }
}
