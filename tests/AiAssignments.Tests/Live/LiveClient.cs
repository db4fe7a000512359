using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Tests.Live;

/// <summary>A client of the subprotocol without any library of it.</summary>
internal sealed class LiveClient : IDisposable
{
    public const string Protocol = "json.webpubsub.azure.v1";
    private readonly byte[] buffer = new byte[64 << 10];

    private LiveClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<LiveClient> ConnectAsync(Uri url, string protocol = Protocol, string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(url, Patience());
        }
        catch (WebSocketException refused)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw new RefusedException(status, refused);
        }

        var client = new LiveClient(socket);
        var connected = await client.ReceiveAsync();
        Assert.Equal("system", connected.GetProperty("type").GetString());
        Assert.Equal("connected", connected.GetProperty("event").GetString());
        Assert.NotEmpty(connected.GetProperty("connectionId").GetString()!);
        return client;
    }

    public Task SendAsync(string message, WebSocketMessageType type = WebSocketMessageType.Text) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(message), type, true, Patience());

    public async Task<JsonElement> AskAsync(string message)
    {
        await SendAsync(message);
        return await ReceiveAsync();
    }

    /// <summary>Joins, and takes the acknowledgement.</summary>
    public async Task JoinAsync(string group, ulong ackId = 1)
    {
        var ack = await AskAsync(JsonSerializer.Serialize(new { type = "joinGroup", group, ackId }));
        Assert.True(ack.GetProperty("success").GetBoolean(), ack.ToString());
    }

    public async Task<JsonElement> ReceiveAsync()
    {
        var length = await ReceiveBytesAsync();
        Assert.True(length >= 0, $"closed: {Socket.CloseStatus} {Socket.CloseStatusDescription}");
        return JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone();
    }

    /// <summary>The payload of the next message from a group.</summary>
    public async Task<JsonElement> DataAsync(string group)
    {
        var message = await ReceiveAsync();
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("group", message.GetProperty("from").GetString());
        Assert.Equal("json", message.GetProperty("dataType").GetString());
        Assert.Equal(group, message.GetProperty("group").GetString());
        return message.GetProperty("data");
    }

    /// <summary>Reads to the closing frame; the last message before it must tell why.</summary>
    public async Task<(WebSocketCloseStatus? Status, string Why)> EndAsync()
    {
        var why = string.Empty;
        while (await ReceiveBytesAsync() is var length and >= 0)
        {
            var message = JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement;
            if (message.TryGetProperty("event", out var name) && name.GetString() == "disconnected")
            {
                why = message.GetProperty("message").GetString()!;
            }
        }

        await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Patience());
        return (Socket.CloseStatus, why);
    }

    public void Dispose() => Socket.Dispose();

    private async Task<int> ReceiveBytesAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(length), Patience());
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return -1;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return length;
            }
        }
    }

    private static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public sealed class RefusedException(int status, Exception inner) : Exception($"refused with {status}", inner)
    {
        public int Status => status;
    }
}
