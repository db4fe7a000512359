namespace AiAssignments.Core.Storage;

/// <summary>
/// Named immutable-by-habit bytes. A write is atomic: readers see the old blob or the whole new one, also after a crash.
/// Paths are data: any character but control characters is allowed in a segment, and the adapter maps them so that none climbs out.
/// </summary>
public interface IBlobStore
{
    /// <summary>The blob's facts, or <c>null</c> when there is none.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>Opens a forward-only stream over a range.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; <c>null</c> for the rest.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Errors.ProblemException"><c>blob-not-found</c>.</exception>
    Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Writes a blob whole: <paramref name="write"/> fills a stream, and the blob appears (or is replaced) when it returns. When it throws, nothing changes.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="write">Fills the stream.</param>
    /// <param name="cancellationToken">Stops the call; nothing changes then.</param>
    /// <exception cref="Errors.ProblemException"><c>storage-full</c> when the disk is full: nothing changed.</exception>
    Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Blobs whose path starts with <paramref name="prefix"/>, in ordinal order.</summary>
    /// <param name="prefix">Path prefix; empty for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<BlobFacts> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; <c>false</c> when there was none.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Deletes a blob if it is still as it was seen; <c>false</c> when there is none any more, or it was written again meanwhile.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="ifMatch"><see cref="BlobFacts.ETag"/> of what was seen.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken);
}
