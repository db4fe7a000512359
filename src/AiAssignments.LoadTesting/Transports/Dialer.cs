using System.Net.Security;
using System.Net.Sockets;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.LoadTesting.Transports;

/// <summary>Opens connections to the one address of a target, whatever name is asked for.</summary>
internal sealed class Dialer(LoadTarget target, bool anyCertificate)
{
    public LoadTarget Target => target;

    public Socket CreateSocket() => new(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public SslClientAuthenticationOptions Tls(params SslApplicationProtocol[] protocols) => new()
    {
        TargetHost = target.Url.IdnHost,
        ApplicationProtocols = [.. protocols],
        // Any certificate is what --insecure asks for.
        RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || anyCertificate,
    };

    /// <summary>A handler that connects to the target's address only, follows nothing and keeps nothing.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        EnableMultipleHttp2Connections = false,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        MaxResponseHeadersLength = 64,
        ActivityHeadersPropagator = null,
        SslOptions = Tls(),
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = CreateSocket();
            try
            {
                await socket.ConnectAsync(target.Address, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
