using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Jobs;

/// <summary>Tells a client where to watch progress: the URL of a WebSocket that speaks <c>json.webpubsub.azure.v1</c>, good for a while.</summary>
public interface IConnectionNegotiator
{
    /// <summary>Makes a URL with a token of its own.</summary>
    /// <param name="origin">Scheme and host as the client knows this server, for example <c>https://aia.example</c>; not used where another server holds the sockets.</param>
    /// <param name="user">Who connects, for logs and limits; <c>null</c> when nobody was asked.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>progress-unavailable</c>.</exception>
    Task<NegotiatedConnection> NegotiateAsync(Uri origin, string? user, CancellationToken cancellationToken);
}

/// <summary>Where to connect.</summary>
/// <param name="Url"><c>ws://</c> or <c>wss://</c> URL, the token in it.</param>
/// <param name="Protocol">The WebSocket subprotocol to ask for: <c>json.webpubsub.azure.v1</c>.</param>
/// <param name="ExpiresAt">Until when a connection can be opened with it.</param>
public sealed record NegotiatedConnection(Uri Url, string Protocol, DateTimeOffset ExpiresAt);
