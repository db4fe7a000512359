using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AiAssignments.Azure.Blobs.Signing;

/// <summary>Signs with the account's key, which only an emulator's account has.</summary>
internal sealed class EmulatorSigner(TimeProvider time) : UrlSigner(time)
{
    public override Task<Uri> SignAsync(BlobBaseClient blob, BlobSasPermissions permissions, TimeSpan validFor, CancellationToken cancellationToken) =>
        Task.FromResult(blob.GenerateSasUri(Describe(blob, permissions, validFor, SasProtocol.HttpsAndHttp)));
}
