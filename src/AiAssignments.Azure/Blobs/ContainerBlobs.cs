using System.Runtime.CompilerServices;
using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AiAssignments.Azure.Blobs;

/// <summary>The blobs of one container.</summary>
/// <param name="container">The container.</param>
/// <param name="names">How paths become names.</param>
/// <param name="tuning">Sizes of transfers.</param>
internal sealed class ContainerBlobs(BlobContainerClient container, IBlobNaming names, BlobTuning tuning) : IBlobStore
{
    public BlockBlobClient Client(string path) => container.GetBlockBlobClient(names.ToName(path));

    public Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Client(path);
        return BlobFaults.CallAsync(path, async () =>
        {
            try
            {
                return Facts(path, (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value);
            }
            catch (RequestFailedException error) when (BlobFaults.IsMissing(error))
            {
                return null;
            }
        }, cancellationToken);
    }

    public async Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        var blob = Client(path);
        if (length != 0)
        {
            try
            {
                var options = new BlobDownloadOptions { Range = offset == 0 && length is null ? default : new HttpRange(offset, length) };
                var download = await BlobFaults.CallAsync(path, () => blob.DownloadStreamingAsync(options, cancellationToken), cancellationToken).ConfigureAwait(false);
                return new BlobReadStream(download.Value, path);
            }
            catch (IOException beyond) when (beyond.InnerException is RequestFailedException { Status: 416 })
            {
                // A range that begins at the end is none to HTTP.
            }
        }

        var size = (await FindAsync(path, cancellationToken).ConfigureAwait(false) ?? throw NotFound(path)).Length;
        return offset <= size ? new MemoryStream([], writable: false) : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The blob has {size} bytes.");
    }

    public Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(path, write, null, cancellationToken);

    public async Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        cancellationToken.ThrowIfCancellationRequested();
        var writer = new BlockWriter(Client(path), path, tuning, cancellationToken);
        await using (writer.ConfigureAwait(false))
        {
            await write(writer, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return await BlobFaults.CallAsync(path, () => CommitAsync(path, writer, conditions, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<BlobFacts> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // Sorted here: the service sorts by its names, which do not sort as paths do. All facts of a prefix are held for that, some hundred bytes each.
        var found = await BlobFaults.CallAsync(prefix, () => CollectAsync(prefix, cancellationToken), cancellationToken).ConfigureAwait(false);
        found.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        foreach (var facts in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return facts;
        }
    }

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = Client(path);
        return BlobFaults.CallAsync(path, async () => (await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value, cancellationToken);
    }

    public Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken)
    {
        var blob = Client(path);
        return BlobFaults.CallAsync(path, async () =>
        {
            try
            {
                return (await blob.DeleteIfExistsAsync(conditions: Unchanged(ifMatch), cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            }
            catch (RequestFailedException error) when (error.Status == 412)
            {
                return false;
            }
        }, cancellationToken);
    }

    /// <summary>A blob's facts; <c>null</c> while it is copied: it is not there before it is whole.</summary>
    public static BlobFacts? Facts(string path, BlobProperties properties) =>
        properties.BlobCopyStatus is null or CopyStatus.Success ? new BlobFacts(path, properties.ContentLength, Tag(properties.ETag), properties.LastModified) : null;

    public static string Tag(ETag tag) => tag.ToString().Trim('"');

    /// <summary>The condition that a blob is of this version. The client sends a tag as it is given, and the header has it in quotation marks.</summary>
    public static BlobRequestConditions Unchanged(string tag) => new() { IfMatch = new ETag($"\"{tag}\"") };

    private static ProblemException NotFound(string path) => new("blob-not-found", "There is no blob of this path.", path);

    private async Task<BlobFacts> CommitAsync(string path, BlockWriter writer, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        try
        {
            var written = (await writer.CommitAsync(conditions).ConfigureAwait(false)).Value;
            return new BlobFacts(path, writer.Length, Tag(written.ETag), written.LastModified);
        }
        catch (RequestFailedException error) when (conditions is not null && error.Status is 409 or 412)
        {
            // A commit whose answer was lost was sent again, and fails on what it did the first time.
            var there = await CommittedBlocks.FindAsync(Client(path), cancellationToken).ConfigureAwait(false);
            if (there?.Are(writer.Blocks) != true)
            {
                throw;
            }

            return new BlobFacts(path, writer.Length, Tag(there.ETag), there.LastModified);
        }
        catch (RequestFailedException error) when (conditions is not null && error.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            throw new ProblemException(new Problem("blob-conflict", "Another has written or deleted the blob meanwhile.", path), error);
        }
        catch (RequestFailedException error) when (error.Status == 400 && error.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // A writer or deleter beside us was done after we began, and took our blocks away with its own. That is as if ours had been a moment earlier, and overwritten.
            return await FindAsync(path, cancellationToken).ConfigureAwait(false)
                ?? throw new IOException($"The blob {path} was deleted while it was written.", error);
        }
    }

    private async Task<List<BlobFacts>> CollectAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<BlobFacts>();
        var options = new GetBlobsOptions { Prefix = names.ToNamePrefix(prefix), Traits = BlobTraits.CopyStatus };
        await foreach (var item in container.GetBlobsAsync(options, cancellationToken).AsPages(null, tuning.ListPage).SelectMany(page => page.Values).ConfigureAwait(false))
        {
            if (names.ToPath(item.Name) is { } path && path.StartsWith(prefix, StringComparison.Ordinal) && item.Properties.CopyStatus is null or CopyStatus.Success)
            {
                found.Add(new BlobFacts(path, item.Properties.ContentLength ?? 0, Tag(item.Properties.ETag ?? default), item.Properties.LastModified ?? default));
            }
        }

        return found;
    }
}
