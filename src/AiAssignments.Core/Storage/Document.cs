namespace AiAssignments.Core.Storage;

/// <summary>A stored document.</summary>
/// <typeparam name="T">The fact it holds.</typeparam>
/// <param name="Id">Its id, unique in its partition.</param>
/// <param name="Value">The fact.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
public sealed record Document<T>(string Id, T Value, string ETag);
