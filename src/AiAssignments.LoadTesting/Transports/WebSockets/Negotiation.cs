using System.Text.Json;

namespace AiAssignments.LoadTesting.Transports.WebSockets;

/// <summary>Asks where to connect, as Web PubSub's clients do: POST, and <c>url</c> of the answer. The way must not lead to another host.</summary>
internal static class Negotiation
{
    private const int LargestAnswer = 64 << 10;

    public static async Task<Uri> AskAsync(WebSocketTransport transport, CancellationToken cancellationToken)
    {
        var target = transport.Dialer.Target;
        using var message = new HttpRequestMessage(HttpMethod.Post, target.HttpUrl);
        foreach (var (name, value) in transport.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await transport.Invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new AnswerException($"Asking for the socket's URL was answered {(int)answer.StatusCode}.");
        }

        var buffer = new byte[LargestAnswer];
        var content = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Url(buffer.AsMemory(0, length)) is { } url && url.Scheme is "ws" or "wss" && url.Authority == target.HttpUrl.Authority
                ? url
                : throw new AnswerException("The answer names no WebSocket's URL of the same host and port.");
        }
    }

    private static Uri? Url(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("url", out var url) && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var parsed) ? parsed : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
