using AiAssignments.Azure.Blobs;
using AiAssignments.Embedded;

namespace AiAssignments.Local.Hosting;

/// <summary>A storage account's container as the place of the embedded pipeline's blobs.</summary>
internal static class AzureStorage
{
    public static OutsideBlobs Outside(this AzureBlobs azure, string container) => new(
        azure.Store,
        $"{azure.Address.AbsoluteUri.TrimEnd('/')}/{container}",
        path => azure.Store.AddressOf(path).AbsoluteUri,
        async (installation, holder, cancellationToken) =>
        {
            var lease = await azure.Store.ClaimAsync(installation, holder, cancellationToken).ConfigureAwait(false);
            return new OutsideHold(lease.Lost, lease.DisposeAsync);
        });
}
