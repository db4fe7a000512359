using AiAssignments.Core.Storage;
using Azure.Storage.Blobs.Models;

namespace AiAssignments.Azure.Blobs;

/// <summary>A download. The client goes on by itself after a lost connection, with the bytes of the same version only; what ends it is told as any store tells it.</summary>
internal sealed class BlobReadStream(BlobDownloadStreamingResult download, string path) : ForwardStream
{
    private readonly Stream inner = download.Content;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception error) when (BlobFaults.Translate(error, path, CancellationToken.None) is { } fault)
        {
            throw fault;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (BlobFaults.Translate(error, path, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            download.Dispose();
        }

        base.Dispose(disposing);
    }
}
