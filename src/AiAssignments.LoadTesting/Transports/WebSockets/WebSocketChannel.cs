using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports.WebSockets;

/// <summary>One socket: a message, and the message that answers it.</summary>
internal sealed class WebSocketChannel(WebSocketTransport transport, int number) : ILoadChannel
{
    private volatile CancellationTokenSource stop = new();
    private WebSocketConnection? connection;
    private long messages;

    public async ValueTask<string?> ConnectAsync()
    {
        try
        {
            connection = await WebSocketConnection.OpenAsync(transport, stop.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (IsConnection(error))
        {
            return error is WebSocketException { InnerException: { } inner } ? inner.Message : error.Message;
        }
    }

    public async ValueTask<LoadReply> ExchangeAsync(LoadRequest request)
    {
        if (stop.IsCancellationRequested)
        {
            stop = new CancellationTokenSource();
        }

        if (connection is null && await ConnectAsync().ConfigureAwait(false) is { } refused)
        {
            return new LoadReply(FailureKind.Connect, 0, 0, 0, refused);
        }

        var (message, isAnswer) = transport.Exchange.Group is { } group ? Publish(group, request) : (request.Whole, _ => true);
        try
        {
            var answer = connection!.ExpectAsync(isAnswer);
            await connection.SendAsync(message, stop.Token).ConfigureAwait(false);
            var received = await answer.WaitAsync(stop.Token).ConfigureAwait(false);
            return new LoadReply(FailureKind.None, 200, message.Length, received);
        }
        catch (Exception error) when (IsConnection(error))
        {
            Close();
            return new LoadReply(error is AnswerException ? FailureKind.Body : FailureKind.Reset, 0, message.Length, 0, error.Message);
        }
    }

    public void Abort() => stop.Cancel();

    public ValueTask DisposeAsync()
    {
        Close();
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsConnection(Exception error) =>
        error is WebSocketException or HttpRequestException or IOException or AnswerException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private void Close()
    {
        connection?.Dispose();
        connection = null;
    }

    // The body travels as a JSON string beside a mark, by which it is known again when it comes back; others of the group see it too.
    private (ReadOnlyMemory<byte> Message, Func<ReadOnlyMemory<byte>, bool> IsAnswer) Publish(string group, LoadRequest request)
    {
        var mark = FormattableString.Invariant($"{number}-{++messages}");
        var message = JsonSerializer.SerializeToUtf8Bytes(new { type = "sendToGroup", group, noEcho = false, dataType = "json", data = new { mark, body = Encoding.UTF8.GetString(request.Whole.Span) } });
        return (message, answer => Mark(answer) == mark);
    }

    private static string? Mark(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("mark", out var mark) ? mark.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
