using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports.Http2;

/// <summary>Requests over a pool of HTTP/2 connections (the runtime's own client): a channel is a place on one of them. gRPC is the same with frames and trailers.</summary>
internal sealed class Http2Transport(Dialer dialer, IReadOnlyList<KeyValuePair<string, string>> headers, int streams, long largestBody, bool grpc) : ILoadTransport
{
    private readonly Lock gate = new();
    private readonly List<Http2Connection> connections = [];
    private readonly Uri origin = new(dialer.Target.HttpUrl.GetLeftPart(UriPartial.Authority));
    private int channels;

    public long LargestBody => largestBody;

    public bool Grpc => grpc;

    public ILoadChannel CreateChannel()
    {
        lock (gate)
        {
            if (channels++ % streams == 0)
            {
                connections.Add(new Http2Connection(new HttpMessageInvoker(dialer.CreateHandler())));
            }

            return new Http2Channel(this, connections[^1]);
        }
    }

    public HttpRequestMessage Message(LoadRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(origin, request.Path))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (grpc || request.Length > 0 || request.Method is "POST" or "PUT" or "PATCH")
        {
            message.Content = grpc ? new ByteArrayContent(request.Wire(this, static made => GrpcFrame.Of(made.Whole.Span))) : new ReadOnlyMemoryContent(request.Whole);
        }

        if (grpc)
        {
            message.Headers.TryAddWithoutValidation("TE", "trailers");
            message.Content!.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        }

        foreach (var (name, value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value) && !(grpc && name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    public ValueTask DisposeAsync()
    {
        connections.ForEach(connection => connection.Dispose());
        return ValueTask.CompletedTask;
    }
}
