namespace AiAssignments.LoadTesting;

/// <summary>How a WebSocket's message is answered.</summary>
/// <param name="Subprotocol">Asked for in <c>Sec-WebSocket-Protocol</c>; <c>null</c>: none. With <c>json.webpubsub.azure.v1</c> the server's <c>connected</c> message is waited for.</param>
/// <param name="Group">
/// Web PubSub: joined by every socket, and each request publishes to it; the answer is the message coming back through the group (publish to receive).
/// <c>null</c>: the next message is the answer (send to receive).
/// </param>
/// <param name="Negotiate">Whether the target's URL is asked by POST for the socket's URL, as Web PubSub clients do; that must lead to the same host and port.</param>
public sealed record WebSocketExchange(string? Subprotocol = null, string? Group = null, bool Negotiate = false);
