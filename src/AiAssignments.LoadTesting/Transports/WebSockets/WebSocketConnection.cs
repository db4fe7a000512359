using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiAssignments.LoadTesting.Transports.WebSockets;

/// <summary>An open socket that is read all the time, so that messages nobody asked for pile up nowhere.</summary>
internal sealed class WebSocketConnection : IDisposable
{
    private const string WebPubSub = "json.webpubsub.azure.v1";

    private readonly ClientWebSocket socket;
    private readonly long largest;
    private readonly Lock gate = new();
    private byte[] buffer = new byte[8 << 10];
    private TaskCompletionSource<long>? waiting;
    private Func<ReadOnlyMemory<byte>, bool>? isAnswer;
    private Exception? ended;

    private WebSocketConnection(ClientWebSocket socket, long largest) => (this.socket, this.largest) = (socket, largest);

    public static async Task<WebSocketConnection> OpenAsync(WebSocketTransport transport, CancellationToken cancellationToken)
    {
        var url = transport.Exchange.Negotiate ? await Negotiation.AskAsync(transport, cancellationToken).ConfigureAwait(false) : transport.Dialer.Target.Url;
        var socket = new ClientWebSocket();
        var connection = new WebSocketConnection(socket, transport.LargestMessage);
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            if (transport.Exchange.Subprotocol is { } subprotocol)
            {
                socket.Options.AddSubProtocol(subprotocol);
            }

            foreach (var (name, value) in transport.Headers)
            {
                socket.Options.SetRequestHeader(name, value);
            }

            await socket.ConnectAsync(url, transport.Invoker, cancellationToken).ConfigureAwait(false);
            var greeted = transport.Exchange.Subprotocol == WebPubSub ? connection.ExpectAsync(message => Says(message, "event", "connected")) : null;
            _ = connection.ReadAsync();
            if (greeted is not null)
            {
                await greeted.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (transport.Exchange.Group is { } group)
            {
                var joined = connection.ExpectAsync(message => Says(message, "type", "ack"));
                await connection.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "joinGroup", group, ackId = 1 }), cancellationToken).ConfigureAwait(false);
                await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a message; ask before sending what it answers.</summary>
    /// <returns>Its length.</returns>
    public Task<long> ExpectAsync(Func<ReadOnlyMemory<byte>, bool> answers)
    {
        lock (gate)
        {
            waiting = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            isAnswer = answers;
            if (ended is not null)
            {
                waiting.SetException(ended);
            }

            return waiting.Task;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => socket.SendAsync(message, WebSocketMessageType.Text, true, cancellationToken);

    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
    }

    private static bool Says(ReadOnlyMemory<byte> message, string property, string value)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(property, out var said) && said.ValueKind == JsonValueKind.String && said.ValueEquals(Encoding.UTF8.GetBytes(value));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            for (var filled = 0; ;)
            {
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2L <= largest ? buffer.Length * 2 : throw new AnswerException(FormattableString.Invariant($"A message is larger than {largest:N0} bytes.")));
                }

                var part = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    throw new WebSocketException($"The server closed the socket: {socket.CloseStatus}.");
                }

                filled += part.Count;
                if (part.EndOfMessage)
                {
                    Take(buffer.AsMemory(0, filled));
                    filled = 0;
                }
            }
        }
        catch (Exception error)
        {
            lock (gate)
            {
                ended = error;
                waiting?.TrySetException(error);
                _ = waiting?.Task.Exception;
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        lock (gate)
        {
            if (waiting is { Task.IsCompleted: false } && isAnswer!(message))
            {
                waiting.SetResult(message.Length);
            }
        }
    }
}
