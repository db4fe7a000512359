using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AiAssignments.Azure.Blobs.Signing;

/// <summary>
/// Signs with a user delegation key: one that the service gives to the program's own identity for some hours, and that can do no more than that identity may
/// (learn.microsoft.com, "Create a user delegation SAS"). The key is asked for once and used until it is about to end.
/// </summary>
internal sealed class DelegationSigner(BlobServiceClient service, TimeProvider time) : UrlSigner(time), IDisposable
{
    private static readonly TimeSpan KeyTime = TimeSpan.FromHours(12);

    private readonly SemaphoreSlim gate = new(1, 1);
    private UserDelegationKey? key;

    public override async Task<Uri> SignAsync(BlobBaseClient blob, BlobSasPermissions permissions, TimeSpan validFor, CancellationToken cancellationToken)
    {
        var described = Describe(blob, permissions, validFor, SasProtocol.Https);
        var current = await KeyAsync(described.ExpiresOn, cancellationToken).ConfigureAwait(false);
        return blob.GenerateUserDelegationSasUri(described, current);
    }

    public void Dispose() => gate.Dispose();

    private async Task<UserDelegationKey> KeyAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (key is null || key.SignedExpiresOn < until)
            {
                var now = Time.GetUtcNow();
                key = await BlobFaults.CallAsync(
                    service.AccountName,
                    async () => (await service.GetUserDelegationKeyAsync(now - TimeSpan.FromMinutes(5), now + KeyTime, cancellationToken).ConfigureAwait(false)).Value,
                    cancellationToken).ConfigureAwait(false);
            }

            return key;
        }
        finally
        {
            gate.Release();
        }
    }
}
