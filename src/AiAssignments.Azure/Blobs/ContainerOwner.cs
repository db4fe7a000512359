using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Core.Errors;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AiAssignments.Azure.Blobs;

/// <summary>Whose container it is: noted in a blob that is made once, under a name that no path has.</summary>
internal sealed class ContainerOwner(BlobContainerClient container, TimeProvider time)
{
    // The same in every deployment: each has a container of its own, made by its template.
    private static readonly Guid Deployment = new("d0a1a551-0000-4000-8000-000000000001");

    private readonly BlobClient note = container.GetBlobClient(EncodedNames.Hidden(string.Empty, "owner"));

    public async Task<ContainerLease> ClaimAsync(Guid installation, string holder, CancellationToken cancellationToken)
    {
        await ClaimAsync(installation, evenIfUsed: false, cancellationToken).ConfigureAwait(false);
        return await ContainerLease.AcquireAsync(note, $"{installation:N}\n{holder}", time, cancellationToken).ConfigureAwait(false);
    }

    public Task ClaimForDeploymentAsync(CancellationToken cancellationToken) => ClaimAsync(Deployment, evenIfUsed: true, cancellationToken);

    private async Task ClaimAsync(Guid installation, bool evenIfUsed, CancellationToken cancellationToken)
    {
        var owner = await BlobFaults.CallAsync(container.Name, () => ReadOrWriteAsync(installation, evenIfUsed, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (owner != installation.ToString("N"))
        {
            throw new ProblemException(
                "storage-claimed",
                $"The container belongs to another installation{(owner is null ? string.Empty : $" ({owner})")}; use its data folder, or give another container with Blobs__Container.",
                container.Uri.GetLeftPart(UriPartial.Path));
        }
    }

    private async Task<string?> ReadOrWriteAsync(Guid installation, bool evenIfUsed, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        if (!evenIfUsed && await container.GetBlobsAsync(new GetBlobsOptions(), cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            // Someone's work of before there was a note, or of a deployment that has not written its own yet.
            return await ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var conditions = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await note.UploadAsync(BinaryData.FromString(installation.ToString("N")), conditions, cancellationToken).ConfigureAwait(false);
            return installation.ToString("N");
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = (await note.DownloadContentAsync(cancellationToken).ConfigureAwait(false)).Value.Content.ToString();
            return text.Length > 100 ? text[..100] : text;
        }
        catch (RequestFailedException error) when (BlobFaults.IsMissing(error))
        {
            return null;
        }
    }
}
