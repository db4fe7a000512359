using System.Globalization;
using System.Net;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports.Http2;

/// <summary>One request at a time on a connection that it shares.</summary>
internal sealed class Http2Channel(Http2Transport transport, Http2Connection connection) : ILoadChannel
{
    private readonly byte[] buffer = new byte[16 << 10];
    private volatile CancellationTokenSource stop = new();

    public async ValueTask<string?> ConnectAsync() => await connection.OpenAsync(async () =>
    {
        // The connection is made by the first request on it. OPTIONS changes nothing (RFC 9110, 9.2.1), and whatever answer comes shows that it stands.
        var reply = await ExchangeAsync(new LoadRequest("OPTIONS", "/", default), probe: true).ConfigureAwait(false);
        return reply.Failure is FailureKind.None or FailureKind.Status ? null : reply.Detail ?? "The connection was lost.";
    }).ConfigureAwait(false);

    public ValueTask<LoadReply> ExchangeAsync(LoadRequest request) => ExchangeAsync(request, probe: false);

    public void Abort() => stop.Cancel();

    public ValueTask DisposeAsync()
    {
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<LoadReply> ExchangeAsync(LoadRequest request, bool probe)
    {
        if (stop.IsCancellationRequested)
        {
            stop = new CancellationTokenSource();
        }

        long sent = 0, received = 0;
        try
        {
            using var message = transport.Message(request);
            sent = message.Content?.Headers.ContentLength ?? 0;
            using var answer = await connection.SendAsync(message, stop.Token).ConfigureAwait(false);
            var frames = default(GrpcReader);
            var content = await answer.Content.ReadAsStreamAsync(stop.Token).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                while (await content.ReadAsync(buffer, stop.Token).ConfigureAwait(false) is var read and > 0)
                {
                    received += read;
                    if (received > transport.LargestBody)
                    {
                        return new LoadReply(FailureKind.Body, 0, sent, received, FormattableString.Invariant($"The answer is larger than {transport.LargestBody:N0} bytes."));
                    }

                    frames.Consume(buffer.AsSpan(0, read));
                }
            }

            return transport.Grpc && !probe ? Rpc(answer, frames, sent, received) : new LoadReply(FailureKind.None, (int)answer.StatusCode, sent, received);
        }
        catch (HttpRequestException error)
        {
            return new LoadReply(Kind(error.HttpRequestError), 0, sent, received, error.InnerException?.Message ?? error.Message);
        }
        catch (HttpIOException error)
        {
            return new LoadReply(Kind(error.HttpRequestError), 0, sent, received, error.Message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return new LoadReply(FailureKind.Reset, 0, sent, received, error.Message);
        }
    }

    private static LoadReply Rpc(HttpResponseMessage answer, GrpcReader frames, long sent, long received)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return new LoadReply(FailureKind.None, (int)answer.StatusCode, sent, received);
        }

        // An answer without a message has its status among the headers ("Trailers-Only").
        if (!(answer.TrailingHeaders.TryGetValues("grpc-status", out var said) || answer.Headers.TryGetValues("grpc-status", out said))
            || !int.TryParse(said.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status > 16)
        {
            return new LoadReply(FailureKind.Body, 0, sent, received, "The answer has no gRPC status.");
        }

        if (status == 0 && !(frames.AtBoundary && frames.Messages == 1))
        {
            return new LoadReply(FailureKind.Body, 0, sent, received, "The answer is not one whole gRPC message.");
        }

        var detail = status != 0 && (answer.TrailingHeaders.TryGetValues("grpc-message", out var text) || answer.Headers.TryGetValues("grpc-message", out text)) ? Uri.UnescapeDataString(text.First()) : null;
        return new LoadReply(FailureKind.None, status, sent, received, detail);
    }

    private static FailureKind Kind(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError => FailureKind.Connect,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => FailureKind.Body,
        _ => FailureKind.Reset,
    };
}
