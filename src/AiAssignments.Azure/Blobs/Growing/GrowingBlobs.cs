using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Azure.Blobs.Signing;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AiAssignments.Azure.Blobs.Growing;

/// <summary>
/// The growing blobs of a container: under <c>uploads/</c>, by names that no path has. One gets its place by a copy inside the service, since the service has no rename;
/// the copy counts as there when it is whole.
/// </summary>
internal sealed class GrowingBlobs(BlobContainerClient container, ContainerBlobs blobs, UrlSigner signer, BlobTuning tuning)
{
    /// <summary>Blocks from which on pieces are put together; reading the last one again costs a request for each piece.</summary>
    internal const int ManyBlocks = 1000;

    private const string Folder = "uploads/";
    private static readonly TimeSpan CopyTime = TimeSpan.FromHours(6);

    private readonly ContainerBlobs plain = new(container, PlainNames.Instance, tuning);

    public Task<IGrowingBlob> OpenAsync(string id, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var name = NameOf(id);
        var blob = plain.Client(name);
        return BlobFaults.CallAsync(name, async () => length == 0 ? await BeginAsync(blob, cancellationToken).ConfigureAwait(false) : await GoOnAsync(blob, length, cancellationToken).ConfigureAwait(false), cancellationToken);
    }

    public IDataSource? Find(string id, string name)
    {
        var blob = NameOf(id);
        var facts = BlobFaults.Call(blob, () =>
        {
            try
            {
                return ContainerBlobs.Facts(blob, plain.Client(blob).GetProperties().Value);
            }
            catch (RequestFailedException error) when (BlobFaults.IsMissing(error))
            {
                return null;
            }
        });
        return facts is null ? null : new BlobDataSource(plain, facts, name);
    }

    public async Task<BlobFacts> AdoptAsync(string id, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = NameOf(id);
        var (source, target) = (plain.Client(name), blobs.Client(path));
        return await BlobFaults.CallAsync(path, async () =>
        {
            if (await plain.FindAsync(name, CancellationToken.None).ConfigureAwait(false) is null)
            {
                throw Lost();
            }

            var address = await signer.SignAsync(source, BlobSasPermissions.Read, CopyTime, CancellationToken.None).ConfigureAwait(false);
            await StartCopyAsync(target, address).ConfigureAwait(false);
            var facts = await WaitAsync(path, target).ConfigureAwait(false);
            await source.DeleteIfExistsAsync().ConfigureAwait(false);
            return facts;
        }, CancellationToken.None).ConfigureAwait(false);
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => plain.DeleteAsync(NameOf(id), cancellationToken);

    public IReadOnlyList<string> List(DateTimeOffset? untouchedSince) => BlobFaults.Call(Folder, () => container
        .GetBlobs(new GetBlobsOptions { Prefix = Folder })
        .Where(item => untouchedSince is not { } since || item.Properties.LastModified < since)
        .Select(item => EncodedNames.HiddenId(Folder, item.Name))
        .OfType<string>()
        .Where(IsId)
        .ToList());

    private static async Task StartCopyAsync(BlockBlobClient target, Uri source)
    {
        while (true)
        {
            try
            {
                await target.StartCopyFromUriAsync(source, new BlobCopyFromUriOptions()).ConfigureAwait(false);
                return;
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.PendingCopyOperation)
            {
                // A process that was killed began one, which the service goes on with.
                await Task.Delay(TimeSpan.FromMilliseconds(500)).ConfigureAwait(false);
            }
        }
    }

    private static async Task<BlobFacts> WaitAsync(string path, BlockBlobClient target)
    {
        for (var pause = 20; ; pause = Math.Min(pause * 2, 2000))
        {
            var properties = (await target.GetPropertiesAsync().ConfigureAwait(false)).Value;
            if (ContainerBlobs.Facts(path, properties) is { } facts)
            {
                return facts;
            }

            if (properties.BlobCopyStatus != CopyStatus.Pending)
            {
                throw new IOException($"The service gave up copying to {path}: {properties.CopyStatusDescription}");
            }

            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    private async Task<IGrowingBlob> BeginAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        using var nothing = new MemoryStream([], writable: false);
        var made = await blob.UploadAsync(nothing, new BlobUploadOptions(), cancellationToken).ConfigureAwait(false);
        return new GrowingBlob(blob, tuning, [], 0, [], made.Value.ETag);
    }

    private async Task<IGrowingBlob> GoOnAsync(BlockBlobClient blob, long length, CancellationToken cancellationToken)
    {
        Response<BlockList> list;
        try
        {
            list = await blob.GetBlockListAsync(BlockListTypes.Committed, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException error) when (BlobFaults.IsMissing(error))
        {
            throw Lost();
        }

        var etag = list.GetRawResponse().Headers.ETag ?? (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ETag;
        var (kept, end) = (new List<string>(), 0L);
        foreach (var block in list.Value.CommittedBlocks)
        {
            if (end + block.SizeLong > length)
            {
                var rest = await RestAsync(blob, end, length, etag, cancellationToken).ConfigureAwait(false);
                return new GrowingBlob(blob, tuning, kept, length, rest, etag);
            }

            kept.Add(block.Name);
            end += block.SizeLong;
        }

        // An upload in very many small pieces would need more blocks than a blob can have: from some number on, a short last one is taken back and goes on being filled.
        if (end == length && kept.Count >= ManyBlocks && list.Value.CommittedBlocks.Last().SizeLong is > 0 and var last && last < tuning.BlockBytes)
        {
            kept.RemoveAt(kept.Count - 1);
            return new GrowingBlob(blob, tuning, kept, length, await RestAsync(blob, end - last, end, etag, cancellationToken).ConfigureAwait(false), etag);
        }

        return end == length
            ? new GrowingBlob(blob, tuning, kept, length, [], etag)
            : throw new ProblemException("upload-lost", $"{length} bytes were received and {end} are there; send the file again from its start.");
    }

    // Blocks end where offsets were acknowledged, so this reads something only if another program made the blob, or the blocks were larger then.
    private async Task<byte[]> RestAsync(BlockBlobClient blob, long start, long end, ETag etag, CancellationToken cancellationToken)
    {
        var count = end - start;
        if (count == 0)
        {
            return [];
        }

        if (count >= tuning.BlockBytes)
        {
            throw Lost();
        }

        var options = new BlobDownloadOptions { Range = new HttpRange(start, count), Conditions = ContainerBlobs.Unchanged(ContainerBlobs.Tag(etag)) };
        return (await blob.DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToArray();
    }

    private static ProblemException Lost() => new("upload-lost", "What was received is gone from the store; send the file again from its start.");

    private static string NameOf(string id) => IsId(id) ? EncodedNames.Hidden(Folder, id) : throw new ArgumentException("An id has 32 lower-case hex digits.", nameof(id));

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);
}
