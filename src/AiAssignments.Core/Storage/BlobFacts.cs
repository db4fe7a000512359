namespace AiAssignments.Core.Storage;

/// <summary>What a store knows of a blob.</summary>
/// <param name="Path">Its path: segments separated by <c>/</c>, never starting with one, no <c>.</c> or <c>..</c> segment.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record BlobFacts(string Path, long Length, string ETag, DateTimeOffset LastModified);
