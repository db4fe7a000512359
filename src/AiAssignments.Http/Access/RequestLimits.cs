using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiAssignments.Http.Access;

/// <summary>Limits of the web server against requests that are too large, too slow or too many.</summary>
public sealed record RequestLimits
{
    /// <summary>Longest time to an answer's first byte, for all but what is streamed in; infinite: none. Default: 100 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest time for a request's headers. Default: 15 s.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most bytes of all headers of a request. Default: 32 KiB.</summary>
    public int HeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Most headers of a request. Default: 64.</summary>
    public int HeaderCount { get; init; } = 64;

    /// <summary>Slowest body, bytes a second after the first ten seconds. Default: 512.</summary>
    public double BodyBytesPerSecond { get; init; } = 512;

    /// <summary>Most open connections; <c>null</c>: as many as the system has. Default: 20,000.</summary>
    public long? Connections { get; init; } = 20_000;

    /// <summary>Sets them.</summary>
    /// <param name="kestrel">The web server's options.</param>
    public void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.RequestHeadersTimeout = Headers;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.MaxConcurrentConnections = Connections;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecond, TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = new MinDataRate(BodyBytesPerSecond, TimeSpan.FromSeconds(10));

        // Until the route is known; its own limit takes its place then.
        limits.MaxRequestBodySize = 1 << 20;
    }
}
