using System.Globalization;
using System.Text;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports.Http1;

/// <summary>A client of HTTP/1.1 that does as little as can be, so that the server is what is measured: prepared bytes go out, whole answers are read, nothing is kept.</summary>
internal sealed class Http1Transport : ILoadTransport
{
    private readonly string headers;
    private readonly Func<LoadRequest, byte[]> make;

    public Http1Transport(Dialer dialer, IReadOnlyList<KeyValuePair<string, string>> headers, long largestBody)
    {
        Dialer = dialer;
        LargestBody = largestBody;
        var lines = new StringBuilder();
        if (!headers.Any(header => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            lines.Append(CultureInfo.InvariantCulture, $"Host: {dialer.Target.Authority}\r\n");
        }

        foreach (var (name, value) in headers)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        this.headers = lines.ToString();
        make = Make;
    }

    public Dialer Dialer { get; }

    public long LargestBody { get; }

    public ILoadChannel CreateChannel() => new Http1Channel(this);

    public void Prepare(LoadRequest request) => Encode(request);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A request's bytes up to its tail; made once.</summary>
    public byte[] Encode(LoadRequest request) => request.Wire(this, make);

    private byte[] Make(LoadRequest request)
    {
        var length = request.Length > 0 || request.Method is "POST" or "PUT" or "PATCH"
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {request.Length}\r\n")
            : string.Empty;
        var head = Encoding.Latin1.GetBytes($"{request.Method} {request.Path} HTTP/1.1\r\n{headers}{length}\r\n");
        return [.. head, .. request.Body.Span];
    }
}
