using System.Buffers.Text;
using System.Text;
using AiAssignments.Azure.Caching;
using AiAssignments.Core.Errors;
using Azure.Core;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Caching;

/// <summary>How a process signs in to a Redis of Azure: with tokens of Entra ID, on every connection, and with the next token before one ends.</summary>
public sealed class RedisIdentityTests
{
    private const string ObjectId = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task Every_connection_is_signed_in_and_stays_so_when_its_token_ends()
    {
        using var server = new RedisWire();
        var clock = new FakeTimeProvider();
        var credential = new Issuer(clock);
        await using var cache = await RedisSharedCache.ConnectAsync(server.Endpoint, credential, clock, ssl: false, CancellationToken.None);
        await Eventually.HoldsAsync(() => cache.IsConnected && server.SignedIn.Count >= 1);
        Assert.All(server.SignedIn, one => Assert.Equal((ObjectId, Token(1)), (one.User, one.Password)));

        // One connection for entries, one for messages; those that were made until now.
        var open = server.SignedIn.Select(one => one.Connection).ToHashSet();

        // Nothing is asked for, and nobody told, while the token is good.
        clock.Advance(TimeSpan.FromMinutes(10));
        await Task.Delay(50);
        Assert.Equal(1, credential.Asked);
        await Eventually.HoldsAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return server.SignedIn.Any(one => open.Contains(one.Connection) && (one.User, one.Password) == (ObjectId, Token(2)));
        });

        // What is cut is made again with the token of the hour.
        server.Cut();
        await Eventually.HoldsAsync(() => server.SignedIn.Any(one => !open.Contains(one.Connection) && one.Password != Token(1)));
        var made = server.SignedIn[^1].Connection;
        Assert.DoesNotContain(server.SignedIn, one => one.Connection == made && one.Password == Token(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-token")]
    [InlineData("a.b.c")]
    [InlineData("a.e30.c")]
    [InlineData("a.eyJvaWQiOjF9.c")]
    public void A_token_without_an_object_id_is_a_problem(string token) =>
        Assert.Equal("authentication-unavailable", Assert.Throws<ProblemException>(() => RedisIdentity.ObjectId(token)).Problem.Code);

    private static string Token(int number) => $"h.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"oid":"{{ObjectId}}","jti":"{{number}}"}"""))}.s";

    /// <summary>Gives tokens that are good for an hour.</summary>
    private sealed class Issuer(TimeProvider clock) : TokenCredential
    {
        private int asked;

        public int Asked => asked;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://redis.azure.com/.default"], requestContext.Scopes);
            return new AccessToken(Token(Interlocked.Increment(ref asked)), clock.GetUtcNow() + TimeSpan.FromHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
