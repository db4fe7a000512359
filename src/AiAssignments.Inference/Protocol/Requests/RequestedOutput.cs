namespace AiAssignments.Inference.Protocol.Requests;

/// <summary>An output that a caller names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Binary">Whether it is wanted behind the JSON header; <c>null</c>: as the request says for all. Without meaning over gRPC.</param>
/// <param name="Classification">Labels wanted a row instead of the values, 1 or more; <c>null</c> for the values.</param>
public sealed record RequestedOutput(string Name, bool? Binary, int? Classification);
