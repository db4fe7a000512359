using AiAssignments.Core.Datasets;

namespace AiAssignments.Core.Storage;

/// <summary>A blob as a data source.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="blob">Its facts.</param>
/// <param name="name">The name to show.</param>
public sealed class BlobDataSource(IBlobStore store, BlobFacts blob, string name) : IDataSource
{
    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public long Length => blob.Length;

    /// <inheritdoc />
    public async ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(blob.Path, offset, length, cancellationToken).ConfigureAwait(false);
}
