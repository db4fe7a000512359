using System.Net;
using System.Net.Sockets;
using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Targets;

/// <summary>The one place that load goes to: the URL's host is looked up once, and all connections go to that address, whatever the server answers.</summary>
public sealed class LoadTarget
{
    private LoadTarget(Uri url, LoadProtocol protocol, IPEndPoint address)
    {
        Url = url;
        Protocol = protocol;
        Address = address;
    }

    /// <summary>What was asked for.</summary>
    public Uri Url { get; }

    /// <summary>How requests travel.</summary>
    public LoadProtocol Protocol { get; }

    /// <summary>Where connections go.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Whether connections are encrypted.</summary>
    public bool Tls => Url.Scheme is "https" or "wss" or "grpcs";

    /// <summary>The Host header: the host, and the port unless it is the scheme's own.</summary>
    public string Authority => Url.IsDefaultPort ? HostName : $"{HostName}:{Url.Port}";

    /// <summary>Whether the address is this machine's own.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address.Address);

    /// <summary>The URL as HTTP clients take it: <c>http</c> or <c>https</c>.</summary>
    public Uri HttpUrl => new UriBuilder(Url) { Scheme = Tls ? "https" : "http", Port = Port(Url) }.Uri;

    private string HostName => Url.HostNameType == UriHostNameType.IPv6 ? $"[{Url.IdnHost}]" : Url.IdnHost;

    /// <summary>Checks a URL and looks its host up.</summary>
    /// <param name="url"><c>http</c>, <c>https</c>, <c>ws</c>, <c>wss</c>, <c>grpc</c> or <c>grpcs</c>.</param>
    /// <param name="protocol">How requests travel; <c>null</c>: by the scheme, <c>http</c> being HTTP/1.1.</param>
    /// <param name="allowRemote">Whether another machine may be aimed at.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <exception cref="ProblemException"><c>target-invalid</c>, <c>target-remote</c>, <c>target-unknown</c>.</exception>
    public static async Task<LoadTarget> ResolveAsync(string url, LoadProtocol? protocol, bool allowRemote, CancellationToken cancellationToken = default)
    {
        var parsed = Parse(url, ref protocol);
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(parsed.IdnHost, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        // IPv4 first: where a name has both, most development servers listen there only.
        var address = addresses.OrderBy(each => each.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault()
            ?? throw new ProblemException("target-unknown", $"The host '{parsed.IdnHost}' has no address.");
        if (!allowRemote && !addresses.All(IPAddress.IsLoopback))
        {
            throw new ProblemException(
                "target-remote",
                $"'{parsed.IdnHost}' is another machine ({address}). Load can make a service unusable for others and costs its owner money: give --allow-remote if it is yours to test.");
        }

        return new LoadTarget(parsed, protocol!.Value, new IPEndPoint(address, Port(parsed)));
    }

    private static Uri Parse(string url, ref LoadProtocol? protocol)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https" or "ws" or "wss" or "grpc" or "grpcs") || parsed.Host.Length == 0)
        {
            throw new ProblemException("target-invalid", "The target must be a URL like http://127.0.0.1:7071/api/health/live (http, https, ws, wss, grpc or grpcs).", Shown(url));
        }

        if (parsed.UserInfo.Length > 0)
        {
            throw new ProblemException("target-invalid", "The URL holds a user name or a password, which would end in logs and reports: give a key by --key, AIA_KEY or --header.");
        }

        if (parsed.Fragment.Length > 0)
        {
            throw new ProblemException("target-invalid", "The URL has a fragment (#), which is never sent.", Shown(url));
        }

        var byScheme = parsed.Scheme switch { "ws" or "wss" => LoadProtocol.WebSocket, "grpc" or "grpcs" => LoadProtocol.Grpc, _ => (LoadProtocol?)null };
        if (byScheme is not null && protocol is not null && byScheme != protocol)
        {
            throw new ProblemException("target-invalid", $"The scheme {parsed.Scheme} does not go with the protocol asked for.", Shown(url));
        }

        protocol ??= byScheme ?? LoadProtocol.Http1;
        return Port(parsed) is > 0 and <= 65535 ? parsed : throw new ProblemException("target-invalid", "The URL needs a port, for example grpc://127.0.0.1:8001.", Shown(url));
    }

    private static int Port(Uri url) => url switch
    {
        { Port: > 0 } => url.Port,
        { Scheme: "wss" or "https" } => 443,
        { Scheme: "ws" or "http" } => 80,
        _ => 0,
    };

    private static string Shown(string url) => url.Length > 200 ? url[..200] + "…" : url;
}
