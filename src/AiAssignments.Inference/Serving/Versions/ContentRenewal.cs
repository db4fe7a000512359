using AiAssignments.Inference.Models;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Holds what serves against what the source has: a version whose files were replaced in place is loaded again when it is asked to be loaded.</summary>
internal sealed class ContentRenewal(IModelSource source, LoadedVersions versions)
{
    private readonly SemaphoreSlim renewing = new(1);

    /// <summary>Loads a version that does not serve, and again one that serves another content than there is now: beside that, which answers until the new one is warm.</summary>
    public async Task LoadAsync(ModelKey key, CancellationToken cancellationToken)
    {
        await Task.Run(() => RenewAsync(key), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        await versions.EnsureAsync(key, force: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task RenewAsync(ModelKey key)
    {
        // One after the other: of two that ask for the same new content, the second finds it loaded.
        await renewing.WaitAsync().ConfigureAwait(false);
        try
        {
            VersionSlot old;
            ModelPackage serving;
            lock (versions.Gate)
            {
                if (versions.Find(key) is not { State: ModelState.Ready, Package: { } package } slot)
                {
                    return;
                }

                (old, serving) = (slot, package);
            }

            var found = await OpenAsync(key, serving.Folder).ConfigureAwait(false);
            if (found.ContentHash != serving.ContentHash)
            {
                await versions.ReplaceAsync(old, found).ConfigureAwait(false);
            }
        }
        finally
        {
            renewing.Release();
        }
    }

    private async Task<ModelPackage> OpenAsync(ModelKey key, string folder)
    {
        try
        {
            return await source.OpenAsync(key, CancellationToken.None).ConfigureAwait(false) ?? throw TableProblems.NotFound(key.Name, key.Version);
        }
#pragma warning disable CA1031 // Whatever it is, it is why the new content does not serve; the old one does.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            throw TableProblems.OfLoad(key, failed, folder);
        }
    }
}
