using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;

namespace AiAssignments.Local.Hosting;

/// <summary>A storage account's container as the place of the embedded pipeline's blobs.</summary>
internal static class AzureStorage
{
    /// <summary>The container.</summary>
    /// <param name="azure">The account; not owned.</param>
    /// <param name="container">The container's name.</param>
    public static OutsideBlobs Outside(this AzureBlobs azure, string container) => new(
        azure.Store,
        $"{azure.Address.AbsoluteUri.TrimEnd('/')}/{container}",
        path => azure.Store.AddressOf(path).AbsoluteUri,
        async (installation, holder, cancellationToken) =>
        {
            var lease = await azure.Store.ClaimAsync(installation, holder, cancellationToken).ConfigureAwait(false);
            return new OutsideHold(lease.DisposeAsync, lease.Lost);
        });

    /// <summary>Where the blobs of a data folder lie, as it notes since <c>--storage</c> was given; <c>null</c>: in the folder. For commands that are not told.</summary>
    /// <param name="dataFolder">Path of the folder.</param>
    /// <exception cref="ProblemException"><c>storage-corrupt</c>: the note names no container.</exception>
    public static OutsideBlobs? Noted(string dataFolder)
    {
        if (BlobHome.PlaceOf(dataFolder) is not { } place)
        {
            return null;
        }

        var settings = Uri.TryCreate(place, UriKind.Absolute, out var address)
            ? BlobSettings.At(address)
            : throw new ProblemException("storage-corrupt", $"The note of where the blobs lie names '{place}', which is no address of a container.", dataFolder);
        return AzureBlobs.Connect(settings).Outside(settings.Container) with { Place = place };
    }
}
