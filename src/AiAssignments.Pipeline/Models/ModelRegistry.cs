using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Core.Storage;
using AiAssignments.Inference.Models;

namespace AiAssignments.Pipeline.Models;

/// <summary>The registered model versions.</summary>
/// <param name="blobs">Where versions' files lie.</param>
/// <param name="documents">Where versions' facts lie.</param>
/// <param name="time">The clock.</param>
public sealed class ModelRegistry(IBlobStore blobs, IDocumentStore documents, TimeProvider time)
{
    /// <summary>Told of a version that may be served from now on, or is gone, once that is noted; what it throws fails the call, which can be made again. Default: nobody.</summary>
    public Func<ModelVersion, CancellationToken, Task>? Changed { get; init; }

    /// <summary>Registers a model folder or file of this machine. The same content under the same name is registered once.</summary>
    /// <param name="path">A folder in one of the two layouts, or an <c>.onnx</c> file.</param>
    /// <param name="overrides">What the user says of it that its folder does not.</param>
    /// <param name="activate">Whether its name stands for it from now on, even if it stands for another version. The first version of a name is active anyhow.</param>
    /// <param name="cancellationToken">Stops the call; nothing is registered then.</param>
    /// <exception cref="ProblemException">
    /// The model is refused, with the reason; or <c>model-version-exists</c>: another content is registered under this name and version;
    /// <c>model-version-not-accepted</c>: it is to be active, and is registered as a version that its gate has not accepted.
    /// </exception>
    public Task<ModelVersion> RegisterAsync(string path, ModelOverrides? overrides, bool activate, CancellationToken cancellationToken) =>
        RegisterAsync(path, overrides, activate, gate: null, cancellationToken);

    /// <summary>Registers a version that an optimization made: never active, and not served before its gate has accepted it. Registered already, it stays as it is.</summary>
    /// <param name="folder">Its folder, the card in it.</param>
    /// <param name="cancellationToken">Stops the call; nothing is registered then.</param>
    internal Task<ModelVersion> RegisterCandidateAsync(string folder, CancellationToken cancellationToken) =>
        RegisterAsync(folder, null, activate: false, GateState.Candidate, cancellationToken);

    private async Task<ModelVersion> RegisterAsync(string path, ModelOverrides? overrides, bool activate, GateState? gate, CancellationToken cancellationToken)
    {
        var package = ModelFolder.Open(path, overrides);
        var card = package.Card;
        var id = $"{card.Name}@{card.Version}";
        var existing = await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        if (existing is not null && existing.Value.ContentHash != package.ContentHash)
        {
            throw new ProblemException(
                "model-version-exists",
                $"{id} is registered with other content ({existing.Value.ContentHash}); versions are immutable, so give the new one another version or name.",
                path);
        }

        var version = existing?.Value ?? new ModelVersion
        {
            Card = card,
            ContentHash = package.ContentHash,
            SizeBytes = package.SizeBytes,
            Parameters = package.Parameters,
            Files = [.. package.Files.Select(file => file.Name)],
            RegisteredAt = time.GetUtcNow(),
            Active = false,
            Gate = gate,
        };
        if (activate)
        {
            RequireServed(version);
        }

        if (existing is null)
        {
            await CopyAsync(package, version, cancellationToken).ConfigureAwait(false);
        }

        var active = version.IsServed && (activate || version.Active || await FindAsync(card.Name, cancellationToken).ConfigureAwait(false) is null);
        if (existing is null)
        {
            try
            {
                version = await AddAsync(version with { Active = active }, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException lost) when (lost.Problem.Code == "document-conflict")
            {
                // Somebody has registered it in the same moment, and his is the version.
                return await RegisterAsync(path, overrides, activate, gate, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (active != version.Active)
        {
            version = await SetActiveAsync(version, active, cancellationToken).ConfigureAwait(false);
        }

        if (activate)
        {
            await RetireOthersAsync(version, cancellationToken).ConfigureAwait(false);
        }

        await TellAsync(version, cancellationToken).ConfigureAwait(false);
        return version;
    }

    /// <summary>Registers sample models, unless others are registered. Any number of processes may do so at once: whoever finds some of them there goes on with the rest.</summary>
    /// <param name="folders">Their folders, each called as its model.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task RegisterSamplesAsync(IReadOnlyCollection<string> folders, CancellationToken cancellationToken)
    {
        var known = (await ListAsync(cancellationToken).ConfigureAwait(false)).Select(version => version.Card.Name).ToHashSet(StringComparer.Ordinal);
        if (known.IsSubsetOf(folders.Select(folder => Path.GetFileName(folder))))
        {
            foreach (var folder in folders.Where(folder => !known.Contains(Path.GetFileName(folder))))
            {
                await RegisterAsync(folder, null, activate: false, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All versions, by name and registration.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellationToken)
    {
        var versions = await documents.ListAsync<ModelVersion>(Containers.Models, new DocumentQuery { PageSize = 1000 }, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. versions.OrderBy(version => version.Card.Name, StringComparer.Ordinal).ThenBy(version => version.RegisteredAt)];
    }

    /// <summary>The active versions of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<ModelVersion>> ActiveAsync(ModelTask task, CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(version => version.Active && version.Card.Task == task)];

    /// <summary>Finds a version by <c>name@version</c>, or the active one by <c>name</c>.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ModelVersion?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        if (reference.Contains('@', StringComparison.Ordinal))
        {
            var document = await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, reference, cancellationToken).ConfigureAwait(false);
            return document?.Value;
        }

        // A promotion that was killed in between may have left two active ones; the longest registered is taken, as in the lists.
        var query = new DocumentQuery { Filters = [new DocumentFilter("card.name", "=", reference), new DocumentFilter("active", "=", true)], OrderBy = "registeredAt", PageSize = 1 };
        var page = await documents.QueryAsync<ModelVersion>(Containers.Models, Containers.Partition, query, cancellationToken).ConfigureAwait(false);
        return page.Items.Count == 0 ? null : page.Items[0].Value;
    }

    /// <summary>As <see cref="FindAsync"/>, but a missing one is a problem that names what there is.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<ModelVersion> GetAsync(string reference, CancellationToken cancellationToken)
    {
        if (await FindAsync(reference, cancellationToken).ConfigureAwait(false) is { } version)
        {
            return version;
        }

        var known = (await ListAsync(cancellationToken).ConfigureAwait(false)).Select(one => one.Reference).ToList();
        throw new ProblemException(
            "model-not-found",
            $"'{reference}' is neither a registered model ({(known.Count == 0 ? "none is registered" : string.Join(", ", known))}) nor a folder or .onnx file.");
    }

    /// <summary>Lets a name stand for another of its versions.</summary>
    /// <param name="reference">The version as <c>name@version</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>; <c>model-version-not-accepted</c>: the gate of the optimization that made it has not accepted it.</exception>
    public async Task<ModelVersion> PromoteAsync(string reference, CancellationToken cancellationToken)
    {
        // The new one first: a kill in between leaves two active ones, never none, and promoting again mends it.
        var promoted = await documents.UpdateModelAsync(
            reference,
            (present, _) => Task.FromResult<ModelVersion?>(RequireServed(present) with { Active = true }),
            cancellationToken).ConfigureAwait(false) ?? throw NotFound(reference);
        await RetireOthersAsync(promoted, cancellationToken).ConfigureAwait(false);
        return promoted;
    }

    /// <summary>Notes what a gate says of a version that an optimization made.</summary>
    /// <param name="reference">The version as <c>name@version</c>.</param>
    /// <param name="state">The gate's word.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    internal async Task JudgeAsync(string reference, GateState state, CancellationToken cancellationToken) =>
        await TellAsync(
            await documents.UpdateModelAsync(
                reference, (present, _) => Task.FromResult(present.Gate == state ? null : present with { Gate = state }), cancellationToken).ConfigureAwait(false) ?? throw NotFound(reference),
            cancellationToken).ConfigureAwait(false);

    /// <summary>The version, when it may be served.</summary>
    /// <exception cref="ProblemException"><c>model-version-not-accepted</c>.</exception>
    internal static ModelVersion RequireServed(ModelVersion version) => version.IsServed
        ? version
        : throw new ProblemException(
            "model-version-not-accepted",
            version.Gate == GateState.Refused
                ? $"{version.Reference} lost more than its optimization was allowed: it is kept to be looked at and evaluated, and is not served."
                : $"{version.Reference} was not judged by its optimization's gate yet, and is not served before.");

    /// <summary>Deletes one version: its facts, then its files.</summary>
    /// <param name="reference">The version as <c>name@version</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>; <c>model-version-active-conflict</c>: the name stands for it.</exception>
    public async Task DeleteVersionAsync(string reference, CancellationToken cancellationToken)
    {
        var version = await FindAsync(reference, cancellationToken).ConfigureAwait(false) ?? throw NotFound(reference);
        if (version.Active)
        {
            throw new ProblemException(
                "model-version-active-conflict",
                $"'{version.Card.Name}' stands for {reference}; promote another version first, or delete the whole model.");
        }

        await DeleteAsync(version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a model with all its versions.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops the call; what is deleted is gone, and calling again deletes the rest.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task DeleteModelAsync(string name, CancellationToken cancellationToken)
    {
        var versions = (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(version => version.Card.Name == name).ToList();
        if (versions.Count == 0)
        {
            throw NotFound(name);
        }

        // The active one last, so that a model is never there without one.
        foreach (var version in versions.OrderBy(version => version.Active))
        {
            await DeleteAsync(version, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes files of versions that are not registered: what a kill between copying and registering, or in the middle of a deletion, leaves behind. Nothing may be registering.</summary>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var living = (await ListAsync(cancellationToken).ConfigureAwait(false)).Select(version => version.BlobPrefix).ToHashSet(StringComparer.Ordinal);
        var files = await blobs.ListAsync("models/", cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var file in files.Where(file => file.Path.Split('/') is [_, var name, var version, _, ..] && !living.Contains($"models/{name}/{version}/")))
        {
            await blobs.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeleteAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        await documents.DeleteAsync(Containers.Models, Containers.Partition, version.Reference, cancellationToken).ConfigureAwait(false);
        await foreach (var file in blobs.ListAsync(version.BlobPrefix, cancellationToken).ConfigureAwait(false))
        {
            await blobs.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }

        await TellAsync(version, cancellationToken).ConfigureAwait(false);
    }

    private Task TellAsync(ModelVersion version, CancellationToken cancellationToken) => version.IsServed ? Changed?.Invoke(version, cancellationToken) ?? Task.CompletedTask : Task.CompletedTask;

    private async Task CopyAsync(ModelPackage package, ModelVersion version, CancellationToken cancellationToken)
    {
        // A copy that was killed may have left files here that this content does not have. Those that it has stay: somebody may have registered it in this moment.
        var own = package.Files.Select(file => version.BlobPrefix + file.Name).Append(version.BlobPrefix + ModelCardJson.FileName).ToHashSet(StringComparer.Ordinal);
        await foreach (var stale in blobs.ListAsync(version.BlobPrefix, cancellationToken).Where(file => !own.Contains(file.Path)).ConfigureAwait(false))
        {
            await blobs.DeleteAsync(stale.Path, cancellationToken).ConfigureAwait(false);
        }

        foreach (var file in package.Files)
        {
            var source = File.OpenRead(file.Path);
            await using (source.ConfigureAwait(false))
            {
                await blobs.WriteAsync(version.BlobPrefix + file.Name, (stream, token) => source.CopyToAsync(stream, token), cancellationToken).ConfigureAwait(false);
            }
        }

        // The card as understood, with what the user said: from now on the folder opens the same way without it.
        await blobs.WriteAsync(
            version.BlobPrefix + ModelCardJson.FileName,
            (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(ModelCardJson.Write(version.Card)), token).AsTask(),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RetireOthersAsync(ModelVersion active, CancellationToken cancellationToken)
    {
        foreach (var other in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (other.Card.Name == active.Card.Name && other.Active && other.Reference != active.Reference)
            {
                await SetActiveAsync(other, false, cancellationToken).ConfigureAwait(false);
            }
        }

        // Two promotions at once may have retired each other.
        if (await FindAsync(active.Card.Name, cancellationToken).ConfigureAwait(false) is null)
        {
            await SetActiveAsync(active, true, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ProblemException NotFound(string reference) =>
        new("model-not-found", $"No model is registered as '{(reference.Length <= 100 ? reference : reference[..100] + "...")}'.");

    // Only what is to change, under its ETag: the quality may have been noted since this version was read.
    private async Task<ModelVersion> SetActiveAsync(ModelVersion version, bool active, CancellationToken cancellationToken) =>
        await documents.UpdateModelAsync(version.Reference, (present, _) => Task.FromResult<ModelVersion?>(present with { Active = active }), cancellationToken).ConfigureAwait(false)
        ?? version with { Active = active };

    private async Task<ModelVersion> AddAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await documents.PutAsync(Containers.Models, Containers.Partition, version.Reference, version, IDocumentStore.MustNotExist, cancellationToken).ConfigureAwait(false)).Value;
}
