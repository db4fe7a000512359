namespace AiAssignments.LoadTesting.Transports.WebSockets;

/// <summary>Messages over WebSockets, one socket a channel.</summary>
internal sealed class WebSocketTransport : ILoadTransport
{
    private readonly HttpMessageInvoker invoker;
    private int channels;

    public WebSocketTransport(Dialer dialer, IReadOnlyList<KeyValuePair<string, string>> headers, WebSocketExchange exchange, long largestMessage)
    {
        (Dialer, Headers, Exchange, LargestMessage) = (dialer, headers, exchange, largestMessage);
        invoker = new HttpMessageInvoker(dialer.CreateHandler());
    }

    public Dialer Dialer { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public WebSocketExchange Exchange { get; }

    public long LargestMessage { get; }

    public HttpMessageInvoker Invoker => invoker;

    public ILoadChannel CreateChannel() => new WebSocketChannel(this, Interlocked.Increment(ref channels));

    public ValueTask DisposeAsync()
    {
        invoker.Dispose();
        return ValueTask.CompletedTask;
    }
}
