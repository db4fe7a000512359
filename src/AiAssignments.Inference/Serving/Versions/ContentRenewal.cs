using AiAssignments.Inference.Models;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Holds what serves against what the source has: a version whose files were replaced in place is loaded again when it is asked to be loaded.</summary>
internal sealed class ContentRenewal(IModelSource source, LoadedVersions versions)
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    /// <summary>Loads a version that does not serve, and again one that serves another content than there is now: beside that, which answers until the new one is warm.</summary>
    public async Task LoadAsync(ModelKey key, CancellationToken cancellationToken)
    {
        Task renewed;
        lock (gate)
        {
            renewed = last = RenewAfterAsync(last, key);
        }

        await renewed.WaitAsync(cancellationToken).ConfigureAwait(false);
        await versions.EnsureAsync(key, force: true, cancellationToken).ConfigureAwait(false);
    }

    // One after the other: of two that ask for the same new content, the second finds it loaded.
    private async Task RenewAfterAsync(Task before, ModelKey key)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
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
