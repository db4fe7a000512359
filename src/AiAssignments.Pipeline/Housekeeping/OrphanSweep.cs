using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Housekeeping;

/// <summary>
/// Finds and removes blobs that nobody refers to any more: what a process that ended between two steps leaves behind. Runs beside everything else, in any number of processes:
/// it removes only what is older than a grace time, looks twice, and passes over what was written again meanwhile.
/// Expired uploads are swept by <see cref="Uploads.UploadDesk"/>, which knows them.
/// </summary>
/// <param name="blobs">The blobs.</param>
/// <param name="documents">The facts that refer to them.</param>
/// <param name="workflows">The evaluations under way.</param>
/// <param name="time">The clock.</param>
/// <param name="options">When a blob is an orphan; the defaults when <c>null</c>.</param>
public sealed class OrphanSweep(IBlobStore blobs, IDocumentStore documents, IWorkflowClient workflows, TimeProvider time, OrphanSweepOptions? options = null)
{
    private const string StagedRoot = "staged/";
    private const string InspectionRoot = "inspections/";
    private const string ModelRoot = "models/";

    /// <summary>How it sweeps.</summary>
    public OrphanSweepOptions Options { get; } = options ?? new OrphanSweepOptions();

    /// <summary>Sweeps once.</summary>
    /// <param name="cancellationToken">Stops it; what was removed is gone, and the next one goes on.</param>
    public async Task<SweptOrphans> RunAsync(CancellationToken cancellationToken) => new(
        await SweepAsync(EvaluationPaths.WorkRoot, path => path.Split('/')[1], IsOverAsync, cancellationToken).ConfigureAwait(false),
        await SweepAsync(StagedRoot, path => path[StagedRoot.Length..], NoDatasetAsync, cancellationToken).ConfigureAwait(false),
        await SweepAsync(InspectionRoot, path => Path.GetFileNameWithoutExtension(path[InspectionRoot.Length..]), NoDatasetAsync, cancellationToken).ConfigureAwait(false),
        await SweepAsync(ModelRoot, ModelOf, NoModelAsync, cancellationToken).ConfigureAwait(false));

    private async Task<int> SweepAsync(string root, Func<string, string?> owner, Func<string, CancellationToken, Task<bool>> isOrphan, CancellationToken cancellationToken)
    {
        var removed = 0;
        (string Id, bool Orphan)? last = null;
        await foreach (var blob in OldAsync(root, cancellationToken).ConfigureAwait(false))
        {
            // Blobs of one owner come together: it is asked for once.
            if (owner(blob.Path) is not { } id)
            {
                continue;
            }

            if (last?.Id != id)
            {
                last = (id, await isOrphan(id, cancellationToken).ConfigureAwait(false));
            }

            if (last.Value.Orphan && await RemoveAsync(blob, () => isOrphan(id, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        return removed;
    }

    private IAsyncEnumerable<BlobFacts> OldAsync(string root, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Options.Grace;
        return blobs.ListAsync(root, cancellationToken).Where(blob => blob.LastModified < before);
    }

    // Someone may have written it again, or begun to refer to it, since the listing. Whoever registers writes the bytes before the facts: if that happens after the last look, the version is another.
    private async Task<bool> RemoveAsync(BlobFacts blob, Func<Task<bool>> stillOrphan, CancellationToken cancellationToken) =>
        await blobs.FindAsync(blob.Path, cancellationToken).ConfigureAwait(false) is { } now && now.ETag == blob.ETag
        && await stillOrphan().ConfigureAwait(false)
        && await blobs.DeleteAsync(blob.Path, blob.ETag, cancellationToken).ConfigureAwait(false);

    // One that failed or was cancelled keeps what was scored: asked for again, it goes on from there.
    private async Task<bool> IsOverAsync(string id, CancellationToken cancellationToken) =>
        await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is null or { Status: WorkflowStatus.Completed };

    private async Task<bool> NoDatasetAsync(string id, CancellationToken cancellationToken) =>
        await documents.FindAsync<Dataset>(Containers.Datasets, Containers.Partition, id, cancellationToken).ConfigureAwait(false) is null;

    private async Task<bool> NoModelAsync(string reference, CancellationToken cancellationToken) =>
        await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, reference, cancellationToken).ConfigureAwait(false) is null;

    private static string? ModelOf(string path) => path.Split('/') is [_, var name, var version, _, ..] ? $"{name}@{version}" : null;
}
