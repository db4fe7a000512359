using AiAssignments.Core.Datasets;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Operations.Stores;

/// <summary>As <see cref="MeasuredBlobStore"/>, of a store whose blobs may grow. Receiving a growing blob counts when it gets its place.</summary>
public class MeasuredGrowingBlobStore : MeasuredBlobStore, IGrowingBlobStore
{
    private readonly IGrowingBlobStore inner;

    private MeasuredGrowingBlobStore(IGrowingBlobStore inner)
        : base(inner) => this.inner = inner;

    /// <summary>Measures a store; where its blobs are files of this machine, those of the result are, too.</summary>
    /// <param name="store">The store.</param>
    public static IGrowingBlobStore Of(IGrowingBlobStore store) => store is ILocalBlobStore local ? new OfFiles(store, local) : new MeasuredGrowingBlobStore(store);

    /// <inheritdoc />
    public Task<IGrowingBlob> OpenGrowingAsync(string id, long length, CancellationToken cancellationToken) => inner.OpenGrowingAsync(id, length, cancellationToken);

    /// <inheritdoc />
    public IDataSource? FindGrowing(string id, string name) => inner.FindGrowing(id, name);

    /// <inheritdoc />
    public Task<BlobFacts> AdoptAsync(string id, string path, CancellationToken cancellationToken) => WrittenAsync(() => inner.AdoptAsync(id, path, cancellationToken));

    /// <inheritdoc />
    public Task<bool> DeleteGrowingAsync(string id, CancellationToken cancellationToken) => inner.DeleteGrowingAsync(id, cancellationToken);

    /// <inheritdoc />
    public IReadOnlyList<string> ListGrowing(DateTimeOffset? untouchedSince = null) => inner.ListGrowing(untouchedSince);

    private sealed class OfFiles(IGrowingBlobStore inner, ILocalBlobStore local) : MeasuredGrowingBlobStore(inner), ILocalBlobStore
    {
        public string FilePath(string path) => local.FilePath(path);
    }
}
