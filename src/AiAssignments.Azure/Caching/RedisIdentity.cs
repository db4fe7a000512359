using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Errors;
using Azure.Core;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace AiAssignments.Azure.Caching;

/// <summary>
/// Signs in to a Redis of Azure with tokens of Entra ID: the user is the object id in the token, the password the token. Every connection is made with the token of the hour;
/// those that are open are told the new one before theirs ends, and one that is cut anyhow is made again with it.
/// </summary>
internal sealed class RedisIdentity : DefaultOptionsProvider, IAsyncDisposable
{
    private const string Scope = "https://redis.azure.com/.default";
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private readonly TokenSource tokens;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private volatile string token;
    private Task renewing = Task.CompletedTask;

    private RedisIdentity(TokenSource tokens, string token, TimeProvider time) => (this.tokens, this.token, this.time) = (tokens, token, time);

    /// <inheritdoc />
    public override string? User => ObjectId(token);

    /// <inheritdoc />
    public override string? Password => token;

    public static async Task<RedisIdentity> SignInAsync(TokenCredential credential, TimeProvider time, CancellationToken cancellationToken)
    {
        var tokens = new TokenSource(credential, Scope, time);
        return new RedisIdentity(tokens, await tokens.GetAsync(cancellationToken).ConfigureAwait(false), time);
    }

    /// <inheritdoc />
    public override bool IsMatch(EndPoint endpoint) => true;

    /// <summary>Keeps the open connections signed in.</summary>
    public void Attach(IConnectionMultiplexer connection) => renewing = Task.Run(() => RenewAsync(connection));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    /// <summary>The claim <c>oid</c> of a token.</summary>
    /// <exception cref="ProblemException"><c>authentication-unavailable</c>.</exception>
    internal static string ObjectId(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
            return claims.RootElement.GetProperty("oid").GetString()!;
        }
        catch (Exception unreadable) when (unreadable is IndexOutOfRangeException or FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException(new Problem("authentication-unavailable", "The token for Redis names no object id (claim oid)."), unreadable);
        }
    }

    private async Task RenewAsync(IConnectionMultiplexer connection)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                var fresh = await tokens.GetAsync(stopping.Token).ConfigureAwait(false);
                if (fresh != token)
                {
                    token = fresh;
                    foreach (var server in connection.GetServers().Where(server => server.IsConnected))
                    {
                        await server.ExecuteAsync("AUTH", User!, fresh).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception passing) when (passing is not OutOfMemoryException)
            {
                // Tried again in a minute; a connection that is cut meanwhile is a slower answer, never a wrong one.
            }
        }
    }
}
