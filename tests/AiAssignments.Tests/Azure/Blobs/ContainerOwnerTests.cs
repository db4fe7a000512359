using System.Net;
using System.Text;
using AiAssignments.Core.Errors;
using Microsoft.Extensions.Time.Testing;

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
        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimAsync(Guid.NewGuid(), "here", default))).Problem.Code);
    }

    [Fact]
    public async Task A_deployment_is_told_that_a_data_folder_was_first()
    {
        note = Encoding.UTF8.GetBytes(Guid.NewGuid().ToString("N"));
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect();

        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimForDeploymentAsync(default))).Problem.Code);
    }

    [Fact]
    public async Task A_hold_is_renewed_and_whoever_lost_it_is_told()
    {
        var mine = Guid.NewGuid();
        var taken = false;
        note = Encoding.UTF8.GetBytes(mine.ToString("N"));
        var clock = new FakeTimeProvider();
        using var service = new ScriptedService(asked => asked.Component != "lease" ? Answer(asked)
            : taken ? ScriptedService.Reply(HttpStatusCode.Conflict, "LeaseIdMismatchWithLeaseOperation")
            : asked.Headers["x-ms-lease-action"] == "acquire" ? Leased(HttpStatusCode.Created, asked.Headers["x-ms-proposed-lease-id"])
            : Leased(HttpStatusCode.OK, asked.Headers["x-ms-lease-id"]));
        using var blobs = service.Connect(clock);
        await using var hold = await blobs.Store.ClaimAsync(mine, "here", default);
        Assert.Equal(["acquire 60"], Actions());
        for (var renewals = 1; renewals <= 2; renewals++)
        {
            await Caching.Eventually.HoldsAsync(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(15));
                return Task.FromResult(Actions().Count > renewals);
            });
        }

        Assert.All(Actions().Skip(1), action => Assert.StartsWith("renew", action, StringComparison.Ordinal));
        Assert.Single(service.Requests.Where(asked => asked.Component == "lease").Select(asked => asked.Headers.GetValueOrDefault("x-ms-lease-id") ?? asked.Headers["x-ms-proposed-lease-id"]).Distinct());
        Assert.False(hold.Lost.IsCancellationRequested);
        taken = true;
        await Caching.Eventually.HoldsAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            return Task.FromResult(hold.Lost.IsCancellationRequested);
        });

        List<string> Actions()
        {
            lock (service.Requests)
            {
                return [.. service.Requests.Where(asked => asked.Component == "lease").Select(asked => $"{asked.Headers["x-ms-lease-action"]} {asked.Headers.GetValueOrDefault("x-ms-lease-duration")}".Trim())];
            }
        }

        static HttpResponseMessage Leased(HttpStatusCode status, string id)
        {
            var reply = ScriptedService.Reply(status);
            reply.Headers.Add("x-ms-lease-id", id);
            return reply;
        }
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
