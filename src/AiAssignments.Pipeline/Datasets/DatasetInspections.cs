using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Datasets.Inspection;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>Looks through datasets, once each: a dataset does not change, so what was found is kept beside it.</summary>
/// <param name="datasets">The datasets.</param>
/// <param name="blobs">Where findings are kept.</param>
public sealed class DatasetInspections(Ingestion datasets, IBlobStore blobs) : IDisposable
{
    // Each reads a whole file: one at a time leaves the machine to who predicts, and those who wait for the same one find it kept.
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>What a look through a dataset finds.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops it; nothing is kept then.</param>
    /// <exception cref="ProblemException"><c>dataset-not-found</c>; what is wrong with it as a whole.</exception>
    public async Task<InspectionResource> GetAsync(string id, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(id, cancellationToken).ConfigureAwait(false);
        var path = Ingestion.InspectionPath(dataset.Id);
        if (await KeptAsync(path, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }

        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await KeptAsync(path, cancellationToken).ConfigureAwait(false) is { } meanwhile)
            {
                return meanwhile;
            }

            var source = await datasets.OpenAsync(dataset, cancellationToken).ConfigureAwait(false);
            var found = InspectionResource.Of(await DatasetInspector.InspectAsync(source, DatasetOptions.Default, cancellationToken).ConfigureAwait(false));
            await blobs.WriteAsync(path, found, cancellationToken).ConfigureAwait(false);
            await DropIfDeletedAsync(dataset.Id, path, cancellationToken).ConfigureAwait(false);
            return found;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => gate.Dispose();

    private async Task<InspectionResource?> KeptAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.FindAsync(path, cancellationToken).ConfigureAwait(false) is null ? null : await blobs.ReadAsync<InspectionResource>(path, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // Another release kept something else: looked through again.
            return null;
        }
    }

    // A dataset that was deleted meanwhile has taken what was found in it along, but not this.
    private async Task DropIfDeletedAsync(string id, string path, CancellationToken cancellationToken)
    {
        try
        {
            await datasets.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException)
        {
            await blobs.DeleteAsync(path, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
