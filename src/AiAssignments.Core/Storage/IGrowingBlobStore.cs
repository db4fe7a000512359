using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Storage;

/// <summary>A blob store that receives a blob in pieces, over days and restarts, and gives it its place without copying it.</summary>
public interface IGrowingBlobStore : IBlobStore
{
    /// <summary>Opens a growing blob to append to, made when <paramref name="length"/> is 0 and there is none. What lies beyond <paramref name="length"/> is cut off.</summary>
    /// <param name="id">32 lower-case hex digits.</param>
    /// <param name="length">Bytes that are known to be durable.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>upload-lost</c>: fewer bytes than <paramref name="length"/> are there.</exception>
    Task<IGrowingBlob> OpenGrowingAsync(string id, long length, CancellationToken cancellationToken);

    /// <summary>A growing blob to be read, which nobody appends to meanwhile; <c>null</c> when there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">The name to show.</param>
    IDataSource? FindGrowing(string id, string name);

    /// <summary>Makes a growing blob the blob of a path, in place of one that is there, atomically and durably.</summary>
    /// <param name="id">Its id; it has been flushed and closed.</param>
    /// <param name="path">Blob path.</param>
    /// <param name="cancellationToken">Stops the call before it begins.</param>
    /// <exception cref="ProblemException"><c>upload-lost</c>: there is none.</exception>
    Task<BlobFacts> AdoptAsync(string id, string path, CancellationToken cancellationToken);

    /// <summary>Deletes a growing blob; <c>false</c> when there was none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> DeleteGrowingAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ids of the growing blobs.</summary>
    /// <param name="untouchedSince">Only those that nobody has appended to since; <c>null</c>: all.</param>
    IReadOnlyList<string> ListGrowing(DateTimeOffset? untouchedSince = null);
}
