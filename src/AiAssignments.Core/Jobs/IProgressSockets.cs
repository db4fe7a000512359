using System.Net.WebSockets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Jobs;

/// <summary>The server's side of the sockets that progress goes out on, for a host that holds them itself. The host upgrades the request, and hands the socket over.</summary>
public interface IProgressSockets
{
    /// <summary>The WebSocket subprotocol that is spoken.</summary>
    string Protocol { get; }

    /// <summary>How often the host pings a silent client, and how long it waits for the answer before the socket is given up.</summary>
    TimeSpan KeepAlive { get; }

    /// <summary>Looks at a token that the negotiator signed.</summary>
    /// <param name="token">The query parameter <c>access_token</c>. Hostile.</param>
    /// <exception cref="ProblemException"><c>request-unauthenticated</c>: missing, forged, or expired; <c>progress-unavailable</c>: no place is left.</exception>
    SocketTicket Admit(string? token);

    /// <summary>Speaks with one client until either side closes.</summary>
    /// <param name="socket">The open socket; still to be disposed by the caller.</param>
    /// <param name="ticket">What <see cref="Admit"/> gave.</param>
    /// <param name="stopping">The host stops: the client is told, and the socket closed with 1001.</param>
    Task ServeAsync(WebSocket socket, SocketTicket ticket, CancellationToken stopping);
}

/// <summary>What a socket's owner may do.</summary>
/// <param name="User">Who it is; <c>null</c> when nobody was asked.</param>
/// <param name="Roles">Web PubSub role names, for example <c>webpubsub.joinLeaveGroup.jobs</c>.</param>
public sealed record SocketTicket(string? User, IReadOnlyList<string> Roles);
