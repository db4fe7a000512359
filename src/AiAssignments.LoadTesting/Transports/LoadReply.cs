namespace AiAssignments.LoadTesting.Transports;

/// <summary>What became of a request.</summary>
/// <param name="Failure">Whether and why it failed.</param>
/// <param name="Status">HTTP status; with gRPC the gRPC status (under 100); 0: none came.</param>
/// <param name="BytesSent">Bytes sent, as far as the transport sees them.</param>
/// <param name="BytesReceived">Bytes received likewise.</param>
/// <param name="Detail">What went wrong, for the report.</param>
internal readonly record struct LoadReply(FailureKind Failure, int Status, long BytesSent, long BytesReceived, string? Detail = null);
