using System.Net;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Azure.Blobs.Signing;
using AiAssignments.Core.Errors;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Azure.Blobs;

/// <summary>User delegation: the key that is asked for, and the signature made with it, against the service's documentation ("Create a user delegation SAS").</summary>
public sealed class SignedUploadTests
{
    private const string Key = "c2VjcmV0LW9mLXRoZS11c2VyLWRlbGVnYXRpb24ta2V5";

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_key_is_asked_for_by_the_identity_and_used_until_it_ends()
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect(time);

        await blobs.Uploads.SignAsync("a.csv", default);
        await blobs.Uploads.SignAsync("b.csv", default);

        var asked = Assert.Single(service.Requests);
        Assert.Equal(("POST", "/"), (asked.Method, asked.Uri.AbsolutePath));
        Assert.Contains("restype=service", asked.Uri.Query, StringComparison.Ordinal);
        Assert.Equal("userdelegationkey", asked.Component);
        Assert.Equal("Bearer token-of-the-identity", asked.Headers["Authorization"]);
        var body = Encoding.UTF8.GetString(asked.Body);
        Assert.Contains("<Start>2026-11-23T11:55:00Z</Start>", body, StringComparison.Ordinal);
        Assert.Contains("<Expiry>2026-11-24T00:00:00Z</Expiry>", body, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromHours(11.9));
        await blobs.Uploads.SignAsync("c.csv", default);
        Assert.Equal(2, service.Requests.Count);
    }

    [Fact]
    public async Task The_address_may_do_what_is_needed_for_a_quarter_of_an_hour()
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect(time);

        var signed = await blobs.Uploads.SignAsync("C:\\data\\my file.csv", default);

        Assert.Matches("^[0-9a-f]{32}/my file\\.csv$", signed.Name);
        Assert.Equal(time.GetUtcNow().AddMinutes(15), signed.ExpiresAt);
        Assert.Equal($"/datasets/{signed.Name.Replace(" ", "%20", StringComparison.Ordinal)}", signed.Url.AbsolutePath);
        var query = System.Web.HttpUtility.ParseQueryString(signed.Url.Query);
        Assert.Equal(("c", "b", "https"), (query["sp"], query["sr"], query["spr"]));
        Assert.Equal(("2026-11-23T11:55:00Z", "2026-11-23T12:15:00Z"), (query["st"], query["se"]));
        Assert.Equal(("the-object", "the-tenant", "b"), (query["skoid"], query["sktid"], query["sks"]));

        // The fields of version 2026-04-06 in their documented order; those of request headers and parameters came with it, of the delegated user with 2025-07-05.
        string[] fields =
        [
            query["sp"]!, query["st"]!, query["se"]!, $"/blob/unit/datasets/{signed.Name}", query["skoid"]!, query["sktid"]!, query["skt"]!, query["ske"]!, query["sks"]!, query["skv"]!,
            "", "", "", "", "", "", query["spr"]!, query["sv"]!, query["sr"]!, "", "", "", "", "", "", "", "", "",
        ];
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(string.Join('\n', fields))));
        Assert.Equal(expected, query["sig"]);
        Assert.DoesNotContain(Key, signed.Url.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/")]
    [InlineData("a.")]
    [InlineData("a\nb")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect(time);

        Assert.Equal("upload-name-invalid", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Uploads.SignAsync(name, default))).Problem.Code);
        Assert.Equal("option-out-of-range", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Uploads.SignAsync("a.csv", SignedUploads.Longest + TimeSpan.FromSeconds(1), default))).Problem.Code);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task An_identity_that_may_not_sign_is_told_so()
    {
        using var service = new ScriptedService(_ => ScriptedService.Reply(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch"));
        using var blobs = service.Connect(time);

        Assert.Equal("storage-denied", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Uploads.SignAsync("a.csv", default))).Problem.Code);
    }

    private static HttpResponseMessage Answer(ScriptedService.Asked asked)
    {
        var body = Encoding.UTF8.GetString(asked.Body);
        var reply = ScriptedService.Reply(HttpStatusCode.OK);
        reply.Content = new StringContent(
            $"""<?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>the-object</SignedOid><SignedTid>the-tenant</SignedTid><SignedStart>{Between(body, "Start")}</SignedStart><SignedExpiry>{Between(body, "Expiry")}</SignedExpiry><SignedService>b</SignedService><SignedVersion>2026-04-06</SignedVersion><Value>{Key}</Value></UserDelegationKey>""",
            Encoding.UTF8,
            "application/xml");
        return reply;

        static string Between(string body, string tag) => body.Split($"<{tag}>")[1].Split($"</{tag}>")[0];
    }
}
