using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Tests.Live;

/// <summary>A client that reads only as far as it is let.</summary>
internal sealed class GatedSocket : WebSocket
{
    private readonly SemaphoreSlim gate = new(0);
    private readonly TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<JsonElement> read = [];

    public bool IsAborted => aborted.Task.IsCompleted;

    public IReadOnlyList<JsonElement> Read
    {
        get
        {
            lock (read)
            {
                return [.. read];
            }
        }
    }

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => IsAborted ? WebSocketState.Aborted : WebSocketState.Open;

    public override string? SubProtocol => null;

    public void Let(int messages) => gate.Release(messages);

    public override void Abort() => aborted.TrySetResult();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose() => Abort();

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        await aborted.Task;
        throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
    }

    public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var pass = gate.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(pass, aborted.Task) != pass)
        {
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }

        lock (read)
        {
            read.Add(JsonDocument.Parse(Encoding.UTF8.GetString(buffer)).RootElement.Clone());
        }
    }
}
