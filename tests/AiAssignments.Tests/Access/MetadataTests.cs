using System.Net;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Access;

/// <summary>Keys from an issuer's metadata, served on this machine.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Keys_come_from_the_metadata_and_an_issuer_that_is_down_is_no_reason_to_let_in()
    {
        using var issuer = new Issuer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        string metadata;
        var now = DateTimeOffset.UtcNow;
        await using (var app = builder.Build())
        {
            app.MapGet("/.well-known/openid-configuration", () => new { issuer = Issuer.Name, jwks_uri = app.Urls.Single() + "/keys" });
            app.MapGet("/keys", () => Microsoft.AspNetCore.Http.Results.Text(issuer.Jwks(), "application/json"));
            await app.StartAsync();
            metadata = app.Urls.Single() + "/.well-known/openid-configuration";
            using var verifier = new JwtVerifier(Options(metadata), TimeProvider.System);
            Assert.Equal(AccessScope.Write, (await verifier.VerifyAsync(issuer.Sign(Issuer.Claims(now, "aia.write")), CancellationToken.None)).Scope);
            using var stranger = new Issuer();
            var refused = await Assert.ThrowsAsync<ProblemException>(() => verifier.VerifyAsync(stranger.Sign(Issuer.Claims(now, "aia.admin")), CancellationToken.None).AsTask());
            Assert.Equal("request-unauthenticated", refused.Problem.Code);
        }

        using var blind = new JwtVerifier(Options(metadata), TimeProvider.System);
        var down = await Assert.ThrowsAsync<ProblemException>(() => blind.VerifyAsync(issuer.Sign(Issuer.Claims(now, "aia.write")), CancellationToken.None).AsTask());
        Assert.Equal("authentication-unavailable", down.Problem.Code);
    }

    private static JwtOptions Options(string metadata) => new() { Issuer = Issuer.Name, Audiences = [Issuer.Audience], MetadataAddress = metadata };
}
