namespace AiAssignments.Core.Storage;

/// <summary>An address to put a file to, past the gateway.</summary>
/// <param name="Url">Where to <c>PUT</c> the file, with <paramref name="Headers"/>. A secret until <paramref name="ExpiresAt"/>.</param>
/// <param name="Name">Name that the dropped file has then.</param>
/// <param name="ExpiresAt">When the address stops working.</param>
/// <param name="Headers">Headers that the request must have.</param>
public sealed record DirectUpload(Uri Url, string Name, DateTimeOffset ExpiresAt, IReadOnlyDictionary<string, string> Headers);
