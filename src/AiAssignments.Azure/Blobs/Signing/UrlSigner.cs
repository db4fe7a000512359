using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AiAssignments.Azure.Blobs.Signing;

/// <summary>Makes addresses of blobs that open for whoever has them, for a while.</summary>
internal abstract class UrlSigner(TimeProvider time)
{
    // The service's clock may be some minutes behind ours; an address that is not valid yet is refused.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    protected TimeProvider Time => time;

    public abstract Task<Uri> SignAsync(BlobBaseClient blob, BlobSasPermissions permissions, TimeSpan validFor, CancellationToken cancellationToken);

    protected BlobSasBuilder Describe(BlobBaseClient blob, BlobSasPermissions permissions, TimeSpan validFor, SasProtocol protocol)
    {
        var now = time.GetUtcNow();
        return new BlobSasBuilder(permissions, now + validFor)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - ClockSkew,
            Protocol = protocol,
        };
    }
}
