using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Caching;
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

    private RedisSharedCache(IConnectionMultiplexer connection)
    {
        this.connection = connection;
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

    /// <inheritdoc />
    public IFusionCacheBackplane CreateBackplane() => new RedisBackplane(connection);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        connection.ConnectionRestored -= Restored;
        entries.Dispose();
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
