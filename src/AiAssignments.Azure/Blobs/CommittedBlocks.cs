using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AiAssignments.Azure.Blobs;

/// <summary>The blocks that a blob consists of. Their ids are of one writer each (<see cref="BlockIds"/>): with the same ids, the blob is what that writer committed.</summary>
internal sealed class CommittedBlocks
{
    private readonly List<string> ids;

    private CommittedBlocks(List<string> ids, ETag etag, DateTimeOffset lastModified) => (this.ids, ETag, LastModified) = (ids, etag, lastModified);

    public ETag ETag { get; }

    public DateTimeOffset LastModified { get; }

    /// <summary>Reads them; <c>null</c> when there is no blob, or the answer does not say which version it is of.</summary>
    public static async Task<CommittedBlocks?> FindAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var list = await blob.GetBlockListAsync(BlockListTypes.Committed, cancellationToken: cancellationToken).ConfigureAwait(false);
            var headers = list.GetRawResponse().Headers;
            return headers.ETag is { } etag && headers.TryGetValue("Last-Modified", out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var lastModified)
                ? new CommittedBlocks([.. list.Value.CommittedBlocks.Select(block => block.Name)], etag, lastModified)
                : null;
        }
        catch (RequestFailedException error) when (BlobFaults.IsMissing(error))
        {
            return null;
        }
    }

    /// <summary>Whether the blob consists of these blocks. A blob of none says nothing of who wrote it.</summary>
    public bool Are(IReadOnlyList<string> written) => written.Count > 0 && ids.SequenceEqual(written, StringComparer.Ordinal);
}
