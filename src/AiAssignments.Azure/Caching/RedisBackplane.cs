using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace AiAssignments.Azure.Caching;

/// <summary>Messages between caches over Redis's publish and subscribe. A message that cannot be read is dropped; one that cannot be sent throws, and FusionCache sends it again later.</summary>
/// <param name="connection">Shared; not closed here.</param>
internal sealed class RedisBackplane(IConnectionMultiplexer connection) : IFusionCacheBackplane
{
    private const int MostBytes = 64 << 10;

    private readonly Lock gate = new();
    private BackplaneSubscriptionOptions? subscription;
    private RedisChannel channel;

    public void Subscribe(BackplaneSubscriptionOptions options)
    {
        lock (gate)
        {
            if (subscription is not null)
            {
                return;
            }

            subscription = options;
            channel = RedisChannel.Literal(options.ChannelName!);
            connection.ConnectionRestored += Restored;
        }

        // Not waited for: without a connection the wish is kept, and fulfilled when there is one.
        connection.GetSubscriber().Subscribe(channel, Receive, CommandFlags.FireAndForget);
    }

    public ValueTask SubscribeAsync(BackplaneSubscriptionOptions options)
    {
        Subscribe(options);
        return ValueTask.CompletedTask;
    }

    public void Unsubscribe()
    {
        lock (gate)
        {
            if (subscription is null)
            {
                return;
            }

            subscription = null;
            connection.ConnectionRestored -= Restored;
        }

        connection.GetSubscriber().Unsubscribe(channel, Receive, CommandFlags.FireAndForget);
    }

    public ValueTask UnsubscribeAsync()
    {
        Unsubscribe();
        return ValueTask.CompletedTask;
    }

    public void Publish(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        connection.GetSubscriber().Publish(channel, BackplaneMessage.ToByteArray(message));

    public async ValueTask PublishAsync(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        await connection.GetSubscriber().PublishAsync(channel, BackplaneMessage.ToByteArray(message)).WaitAsync(token).ConfigureAwait(false);

    private static BackplaneMessage? Read(RedisValue value)
    {
        try
        {
            return (byte[]?)value is { Length: > 0 and <= MostBytes } bytes ? BackplaneMessage.FromByteArray(bytes) : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Receive(RedisChannel from, RedisValue value)
    {
        if (subscription?.IncomingMessageHandlerAsync is { } handle && Read(value) is { } message)
        {
            // Away from the connection's own thread: handling one may ask Redis for the entry.
            _ = Task.Run(() => handle(message).AsTask());
        }
    }

    private void Restored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Subscription && subscription?.ConnectHandlerAsync is { } handle)
        {
            _ = Task.Run(() => handle(new BackplaneConnectionInfo(isReconnection: true)).AsTask());
        }
    }
}
