using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiAssignments.Local.Hosting;

/// <summary>Lets some addresses speak HTTP/2 alone. Over TLS both versions share an address, because the handshake settles which; without it nothing does, so HTTP/2 has an address of its own.</summary>
internal static class Http2Listeners
{
    public static void UseHttp2On(this KestrelServerOptions kestrel, IReadOnlySet<int> ports) => kestrel.ConfigureEndpointDefaults(listen =>
    {
        if (listen.IPEndPoint is { } address && ports.Contains(address.Port))
        {
            listen.Protocols = HttpProtocols.Http2;
        }
    });
}
