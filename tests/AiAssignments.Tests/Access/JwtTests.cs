using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Tokens;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Access;

/// <summary>The attacks of RFC 8725, and what Entra ID's tokens carry.</summary>
public sealed class JwtTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Now);
    private readonly TemporaryFolder folder = new();
    private readonly Issuer issuer = new();

    public void Dispose()
    {
        issuer.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("roles", "aia.read", AccessScope.Read)]
    [InlineData("roles", "aia.admin", AccessScope.Admin)]
    [InlineData("scp", "openid aia.write", AccessScope.Write)]
    [InlineData("scope", "aia.write aia.read", AccessScope.Write)]
    [InlineData("scp", "aia.administrator", AccessScope.Anonymous)]
    [InlineData("groups", "aia.admin", AccessScope.Anonymous)]
    public async Task Claims_become_scopes(string claim, string value, AccessScope scope)
    {
        var claims = Issuer.Claims(Now);
        claims[claim] = value;
        var caller = await Verifier().VerifyAsync(issuer.Sign(claims), CancellationToken.None);
        Assert.Equal(scope, caller.Scope);
        Assert.Equal("jwt:somebody", caller.Id);
    }

    [Fact]
    public async Task A_forged_token_is_refused_whatever_it_claims()
    {
        using var stranger = new Issuer();
        var claims = Issuer.Claims(Now, "aia.admin");
        await RefusedAsync(Issuer.Unsigned(claims));
        await RefusedAsync(Issuer.Unsigned(claims)[..^1]);
        await RefusedAsync(stranger.Sign(claims));

        // The public key as an HMAC secret, in each form that it is published in.
        await RefusedAsync(Issuer.Hmac(claims, Encoding.ASCII.GetBytes(issuer.PublicKeyPem())));
        await RefusedAsync(Issuer.Hmac(claims, issuer.Modulus()));
        await RefusedAsync(Issuer.Hmac(claims, Encoding.ASCII.GetBytes(issuer.Jwks())));

        // Signed with RSA and said to be something else; a key of the stranger's in the header.
        await RefusedAsync(issuer.Sign(claims, "HS256"));
        await RefusedAsync(issuer.Sign(claims, "ES256"));
        using var jwk = System.Text.Json.JsonDocument.Parse(stranger.Jwks());
        await RefusedAsync(stranger.Sign(claims, header: new { alg = "RS256", jwk = jwk.RootElement.GetProperty("keys")[0] }));
        await RefusedAsync(stranger.Sign(claims, header: new { alg = "RS256", jku = "https://stranger.example/keys" }));

        var good = issuer.Sign(claims);
        await RefusedAsync(good[..^8] + "AAAAAAAA");
        await RefusedAsync(good[..good.LastIndexOf('.')] + ".");
        await RefusedAsync(good + "." + good);
        await RefusedAsync("a.b.c");
        await RefusedAsync(new string('a', 20_000) + ".b.c");
        Assert.Equal(AccessScope.Admin, (await Verifier().VerifyAsync(good, CancellationToken.None)).Scope);
    }

    [Theory]
    [InlineData("iss", "https://issuer.example/v1.0")]
    [InlineData("aud", "api://another")]
    [InlineData("iss", null)]
    [InlineData("aud", null)]
    [InlineData("exp", null)]
    [InlineData("sub", null)]
    public async Task A_token_for_someone_else_is_refused(string claim, string? value)
    {
        var claims = Issuer.Claims(Now, "aia.admin");
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }

        await RefusedAsync(issuer.Sign(claims));
    }

    [Fact]
    public async Task Times_are_held_against_the_clock_with_a_minute_to_spare()
    {
        var token = issuer.Sign(Issuer.Claims(Now, "aia.read"));
        time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(59));
        await Verifier().VerifyAsync(token, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(token);
        await RefusedAsync(issuer.Sign(Issuer.Claims(Now.AddHours(2), "aia.read")));
    }

    [Fact]
    public async Task Keys_in_the_file_are_exchanged_while_running()
    {
        var verifier = Verifier();
        using var next = new Issuer();
        var token = next.Sign(Issuer.Claims(Now, "aia.read"));
        await Assert.ThrowsAsync<ProblemException>(() => verifier.VerifyAsync(token, CancellationToken.None).AsTask());
        await File.WriteAllTextAsync(folder.File("jwks.json"), next.Jwks());
        File.SetLastWriteTimeUtc(folder.File("jwks.json"), DateTime.UtcNow.AddSeconds(5));
        time.Advance(TimeSpan.FromSeconds(6));
        await verifier.VerifyAsync(token, CancellationToken.None);
        await Assert.ThrowsAsync<ProblemException>(() => verifier.VerifyAsync(issuer.Sign(Issuer.Claims(Now, "aia.read")), CancellationToken.None).AsTask());
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}""")]
    [InlineData("not json")]
    public void A_file_without_public_keys_is_refused_at_the_start(string content)
    {
        File.WriteAllText(folder.File("jwks.json"), content);
        var refused = Assert.Throws<ProblemException>(() => new JwtVerifier(Options(), time));
        Assert.Equal("jwks-invalid", refused.Problem.Code);
    }

    [Fact]
    public void Metadata_is_fetched_over_https_only()
    {
        var refused = Assert.Throws<ProblemException>(() => new JwtVerifier(Options() with { KeysFile = null, Issuer = "http://issuer.example" }, time));
        Assert.Equal("option-invalid", refused.Problem.Code);
    }

    private JwtOptions Options() => new() { Issuer = Issuer.Name, Audiences = [Issuer.Audience], KeysFile = folder.File("jwks.json") };

    private JwtVerifier Verifier()
    {
        if (!File.Exists(folder.File("jwks.json")))
        {
            File.WriteAllText(folder.File("jwks.json"), issuer.Jwks());
        }

        return new JwtVerifier(Options(), time);
    }

    private async Task RefusedAsync(string token)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Verifier().VerifyAsync(token, CancellationToken.None).AsTask());
        Assert.Equal("request-unauthenticated", refused.Problem.Code);
    }
}
