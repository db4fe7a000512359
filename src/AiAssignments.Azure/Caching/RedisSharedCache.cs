using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Caching;
using Azure.Core;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace AiAssignments.Azure.Caching;

/// <summary>
/// The shared level on a server of the Redis protocol. One connection for entries and messages; when it is lost, calls fail at once instead of queueing,
/// and it is tried again every second.
/// </summary>
public sealed class RedisSharedCache : ISharedCache, IAsyncDisposable
{
    private readonly IConnectionMultiplexer connection;
    private readonly RedisCache entries;
    private readonly RedisIdentity? identity;

    private RedisSharedCache(IConnectionMultiplexer connection, RedisIdentity? identity = null)
    {
        this.connection = connection;
        this.identity = identity;
        entries = new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = () => Task.FromResult(connection) });
        connection.ConnectionRestored += Restored;
    }

    /// <inheritdoc />
    public event Action? Reconnected;

    /// <inheritdoc />
    public IDistributedCache Entries => entries;

    /// <summary>Whether the server answers now.</summary>
    public bool IsConnected => connection.IsConnected;

    /// <summary>Connects. A server that does not answer now is no failure: it is used once it does.</summary>
    /// <param name="connectionString">As StackExchange.Redis reads it, for example <c>127.0.0.1:6379</c> or <c>NAME.redis.cache.windows.net:6380,password=...,ssl=true</c>. Its own timeouts count where it gives them; else 1 s to connect and 1 s a command.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>: it cannot be read.</exception>
    public static async Task<RedisSharedCache> ConnectAsync(string connectionString)
    {
        var options = Parse(connectionString);
        return new RedisSharedCache(await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false));
    }

    /// <summary>Connects to a Redis of Azure, over TLS and with tokens of Entra ID.</summary>
    /// <param name="endpoint"><c>HOST:PORT</c>.</param>
    /// <param name="credential">Who signs in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the wait for the first token.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>; <c>authentication-unavailable</c>.</exception>
    public static Task<RedisSharedCache> ConnectAsync(string endpoint, TokenCredential credential, TimeProvider time, CancellationToken cancellationToken) =>
        ConnectAsync(endpoint, credential, time, ssl: true, cancellationToken);

    /// <summary>As above; without TLS for a test that looks at the wire.</summary>
    internal static async Task<RedisSharedCache> ConnectAsync(string endpoint, TokenCredential credential, TimeProvider time, bool ssl, CancellationToken cancellationToken)
    {
        var options = Parse(endpoint);
        var identity = await RedisIdentity.SignInAsync(credential, time, cancellationToken).ConfigureAwait(false);
        options.Ssl = ssl;
        options.Defaults = identity;
        var connection = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        identity.Attach(connection);
        return new RedisSharedCache(connection, identity);
    }

    /// <inheritdoc />
    public IFusionCacheBackplane CreateBackplane() => new RedisBackplane(connection);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        connection.ConnectionRestored -= Restored;
        entries.Dispose();
        if (identity is not null)
        {
            await identity.DisposeAsync().ConfigureAwait(false);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static ConfigurationOptions Parse(string connectionString)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Not quoted: it may hold a password.
            throw new ProblemException(new Problem("option-invalid", "The Redis connection string cannot be read; it must be like HOST:PORT, with settings after commas: HOST:6380,password=...,ssl=true.", "--redis"), error);
        }

        if (options.EndPoints.Count == 0)
        {
            throw new ProblemException("option-invalid", "The Redis connection string names no server; it must be like HOST:PORT.", "--redis");
        }

        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        options.ClientName ??= "ai-assignments";
        if (!connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase))
        {
            options.ConnectTimeout = 1000;
            options.SyncTimeout = 1000;
            options.AsyncTimeout = 1000;
            options.ConnectRetry = 1;
        }

        return options;
    }

    private void Restored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Subscription)
        {
            Reconnected?.Invoke();
        }
    }
}
