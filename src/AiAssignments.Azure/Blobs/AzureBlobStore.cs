using AiAssignments.Azure.Blobs.Growing;
using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Azure.Blobs.Signing;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AiAssignments.Azure.Blobs;

/// <summary>
/// The pipeline's blobs in one container of Azure Blob Storage. Bytes are staged in blocks as they come and committed at the end, so that a write that fails or is cancelled
/// leaves nothing; paths are encoded so that they come back as they were given; what passes (503, timeouts, lost connections) is tried again with growing pauses.
/// Safe to use from any number of threads and processes: of writers of one path at once, one remains, whole.
/// </summary>
public sealed class AzureBlobStore : IGrowingBlobStore
{
    private readonly BlobContainerClient container;
    private readonly ContainerBlobs blobs;
    private readonly GrowingBlobs growing;
    private readonly TimeProvider time;

    internal AzureBlobStore(BlobContainerClient container, UrlSigner signer, BlobTuning tuning, TimeProvider time)
    {
        (this.container, this.time) = (container, time);
        blobs = new ContainerBlobs(container, EncodedNames.Instance, tuning);
        growing = new GrowingBlobs(container, blobs, signer, tuning);
    }

    /// <summary>Address of a blob, or of a folder of blobs when the path ends with a slash. It opens only for who has a right to it.</summary>
    /// <param name="path">Blob path.</param>
    public Uri AddressOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith('/') ? new Uri(blobs.Client(path[..^1]).Uri.AbsoluteUri + "/") : blobs.Client(path).Uri;
    }

    /// <inheritdoc />
    public Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken) => blobs.FindAsync(path, cancellationToken);

    /// <inheritdoc />
    public Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken) => blobs.OpenReadAsync(path, offset, length, cancellationToken);

    /// <inheritdoc />
    public Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => blobs.WriteAsync(path, write, cancellationToken);

    /// <summary>As <see cref="WriteAsync(string, Func{Stream, CancellationToken, Task}, CancellationToken)"/>, if the condition holds when all is written.</summary>
    /// <param name="path">Blob path.</param>
    /// <param name="write">Fills the stream.</param>
    /// <param name="ifMatch"><see cref="IDocumentStore.MustNotExist"/>: only if there is none; else only if the ETag is this.</param>
    /// <param name="cancellationToken">Stops the call; nothing changes then.</param>
    /// <exception cref="ProblemException"><c>blob-conflict</c>: the condition does not hold; nothing changed.</exception>
    public Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, string ifMatch, CancellationToken cancellationToken) =>
        blobs.WriteAsync(path, write, Condition(ifMatch), cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<BlobFacts> ListAsync(string prefix, CancellationToken cancellationToken) => blobs.ListAsync(prefix, cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => blobs.DeleteAsync(path, cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) => blobs.DeleteAsync(path, ifMatch, cancellationToken);

    /// <inheritdoc />
    public Task<IGrowingBlob> OpenGrowingAsync(string id, long length, CancellationToken cancellationToken) => growing.OpenAsync(id, length, cancellationToken);

    /// <inheritdoc />
    public IDataSource? FindGrowing(string id, string name) => growing.Find(id, name);

    /// <inheritdoc />
    public Task<BlobFacts> AdoptAsync(string id, string path, CancellationToken cancellationToken) => growing.AdoptAsync(id, path, cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteGrowingAsync(string id, CancellationToken cancellationToken) => growing.DeleteAsync(id, cancellationToken);

    /// <inheritdoc />
    public IReadOnlyList<string> ListGrowing(DateTimeOffset? untouchedSince = null) => growing.List(untouchedSince);

    /// <summary>Claims the container for one installation, which alone sweeps it: another's work would look to it like nobody's. Holds it for one process of that.</summary>
    /// <param name="installation">Id of the installation: of its data folder.</param>
    /// <param name="holder">Which copy of the folder it is, the same after a restart: its machine and path.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The hold; disposed by who is done.</returns>
    /// <exception cref="ProblemException"><c>storage-claimed</c>: it belongs to another one, or holds blobs of nobody known; <c>storage-in-use</c>: a copy of the folder holds it.</exception>
    public Task<ContainerLease> ClaimAsync(Guid installation, string holder, CancellationToken cancellationToken) =>
        new ContainerOwner(container, time).ClaimAsync(installation, holder, cancellationToken);

    /// <summary>Claims the container for the deployment that it was made for, whatever lies in it already: no data folder can claim it from then on.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>storage-claimed</c>: a data folder has claimed it.</exception>
    public Task ClaimForDeploymentAsync(CancellationToken cancellationToken) => new ContainerOwner(container, time).ClaimForDeploymentAsync(cancellationToken);

    private static BlobRequestConditions Condition(string ifMatch) =>
        ifMatch == IDocumentStore.MustNotExist ? new BlobRequestConditions { IfNoneMatch = ETag.All } : ContainerBlobs.Unchanged(ifMatch);
}
