namespace AiAssignments.LoadTesting.Targets;

/// <summary>How requests travel.</summary>
public enum LoadProtocol
{
    /// <summary>HTTP/1.1 (RFC 9112) with keep-alive, one request at a time on a connection.</summary>
    Http1,

    /// <summary>HTTP/2 (RFC 9113), many requests on a connection; without TLS by prior knowledge.</summary>
    Http2,

    /// <summary>WebSocket (RFC 6455): a message is a request, the message that answers it the answer.</summary>
    WebSocket,

    /// <summary>gRPC: <c>ModelInfer</c> of the Open Inference Protocol v2.</summary>
    Grpc,
}
