using System.Net.WebSockets;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Embedded.Live;

/// <summary>
/// The sending half of one socket. Whoever sends writes at once when nothing else is being written, so that a message to an idle client needs no other thread;
/// while a write is under way messages queue, and nobody ever waits for the client.
/// </summary>
internal sealed class SocketClient
{
    private readonly WebSocket socket;
    private readonly ProgressHubOptions options;
    private readonly TimeProvider time;
    private readonly OutgoingQueue queue;
    private readonly Lock sync = new();
    private bool pumping;
    private bool ended;
    private Farewell? farewell;
    private long? fullSince;
    private long? writingSince;

    public SocketClient(WebSocket socket, string id, ProgressHubOptions options, TimeProvider time)
    {
        this.socket = socket;
        this.options = options;
        this.time = time;
        Id = id;
        queue = new OutgoingQueue(options.QueueCapacity);
    }

    public string Id { get; }

    /// <summary>The groups it is in. Only for the hub's dispatcher.</summary>
    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the client was given up because it read too slowly.</summary>
    public bool Dropped { get; private set; }

    /// <summary>Sends, or queues, or drops the client.</summary>
    public void Send(in OutgoingMessage message)
    {
        bool drop, pump;
        lock (sync)
        {
            if (ended || farewell is not null)
            {
                return;
            }

            drop = !queue.Offer(message) || IsTooSlow();
            fullSince = queue.IsFull ? fullSince ?? time.GetTimestamp() : null;
            pump = !drop && !pumping;
            pumping |= pump;
        }

        if (drop)
        {
            Drop();
        }
        else if (pump)
        {
            Pump();
        }
    }

    /// <summary>Says goodbye: what waits is sent, then the message, then the closing frame.</summary>
    /// <param name="status">WebSocket close code (RFC 6455, 7.4.1).</param>
    /// <param name="reason">At most 123 bytes of UTF-8.</param>
    /// <param name="message">The last message; empty for none.</param>
    public void Close(WebSocketCloseStatus status, string reason, ReadOnlyMemory<byte> message)
    {
        bool pump;
        lock (sync)
        {
            if (ended || farewell is not null)
            {
                return;
            }

            farewell = new Farewell(status, reason, message);
            pump = !pumping;
            pumping = true;
        }

        if (pump)
        {
            Pump();
        }
    }

    /// <summary>Drops the client when it has read nothing for too long.</summary>
    public void CheckPace()
    {
        bool drop;
        lock (sync)
        {
            drop = !ended && IsTooSlow();
        }

        if (drop)
        {
            Drop();
        }
    }

    /// <summary>Ends it without a word; a write under way fails.</summary>
    public void Abort()
    {
        lock (sync)
        {
            ended = true;
        }

        socket.Abort();
    }

    private bool IsTooSlow() =>
        (fullSince is { } full && time.GetElapsedTime(full) > options.SlowClientLimit)
        || (writingSince is { } writing && time.GetElapsedTime(writing) > options.SlowClientLimit);

    private void Drop()
    {
        lock (sync)
        {
            if (ended)
            {
                return;
            }

            ended = true;
            Dropped = true;
        }

        socket.Abort();
        Instruments.SlowClientsDropped.Add(1);
    }

    private void Pump()
    {
        try
        {
            while (Next() is { } write)
            {
                if (!write.IsCompletedSuccessfully)
                {
                    _ = FinishAsync(write);
                    return;
                }

                write.GetAwaiter().GetResult();
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            Abort();
        }
    }

    private async Task FinishAsync(ValueTask write)
    {
        try
        {
            for (ValueTask? current = write; current is { } running; current = Next())
            {
                await running.ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            Abort();
        }
    }

    // Starts the next write; null when there is nothing to write, and then the pump has stopped.
    private ValueTask? Next()
    {
        OutgoingMessage message;
        Farewell? last = null;
        lock (sync)
        {
            writingSince = null;
            if (ended)
            {
                pumping = false;
                return null;
            }

            if (!queue.TryTake(out message))
            {
                if (farewell is null)
                {
                    pumping = false;
                    return null;
                }

                last = farewell;
                ended = true;
            }
            else if (!queue.IsFull)
            {
                fullSince = null;
            }

            writingSince = time.GetTimestamp();
        }

        if (last is not null)
        {
            return new ValueTask(SayGoodbyeAsync(last));
        }

        Instruments.SocketMessages.Add(1);
#pragma warning disable CA2012 // The pump awaits each write once, before it asks for the next.
        return socket.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
#pragma warning restore CA2012
    }

    private async Task SayGoodbyeAsync(Farewell last)
    {
        if (!last.Message.IsEmpty)
        {
            await socket.SendAsync(last.Message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        }

        await socket.CloseOutputAsync(last.Status, last.Reason, CancellationToken.None).ConfigureAwait(false);
    }

    private static bool IsGone(Exception error) =>
        error is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private sealed record Farewell(WebSocketCloseStatus Status, string Reason, ReadOnlyMemory<byte> Message);
}
