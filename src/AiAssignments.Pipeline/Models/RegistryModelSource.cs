using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Models;

/// <summary>Serves what is registered, but for versions that the gate of an optimization has not accepted.</summary>
/// <param name="registry">The registered versions.</param>
/// <param name="files">Brings their files to this machine.</param>
public sealed class RegistryModelSource(ModelRegistry registry, ModelFiles files) : IModelSource
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await registry.ListAsync(cancellationToken).ConfigureAwait(false)).Where(version => version.IsServed).Select(KeyOf)];

    /// <inheritdoc />
    public async Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken)
    {
        // A name with a version in it is a reference, and not the name of anything.
        var version = name.Contains('@', StringComparison.Ordinal) ? null : await registry.FindAsync(name, cancellationToken).ConfigureAwait(false);
        return version is null ? null : KeyOf(version);
    }

    /// <inheritdoc />
    public async Task<ModelPackage?> OpenAsync(ModelKey key, CancellationToken cancellationToken)
    {
        var version = await registry.FindAsync(key.ToString(), cancellationToken).ConfigureAwait(false);
        return version is null || KeyOf(version) != key
            ? null
            : ModelFolder.Open(await files.FolderOfAsync(ModelRegistry.RequireServed(version), cancellationToken).ConfigureAwait(false)) with { RegisteredHash = version.ContentHash };
    }

    private static ModelKey KeyOf(ModelVersion version) => new(version.Card.Name, version.Card.Version);
}
