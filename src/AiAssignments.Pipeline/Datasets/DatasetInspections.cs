using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Datasets.Inspection;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>Looks through datasets, once each: a dataset does not change, so what was found is kept beside it.</summary>
/// <param name="datasets">The datasets.</param>
/// <param name="blobs">Where findings are kept.</param>
public sealed class DatasetInspections(Ingestion datasets, IBlobStore blobs) : IAsyncDisposable
{
    // Each reads a whole file, which may take longer than a request.
    private readonly SharedWork<InspectionResource> work = new(most: 100);

    /// <summary>What a look through a dataset finds.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the waiting: the look goes on, and who asks again finds it done.</param>
    /// <exception cref="ProblemException"><c>dataset-not-found</c>; what is wrong with it as a whole; <c>queue-full</c>; <c>engine-stopped</c>.</exception>
    public async Task<InspectionResource> GetAsync(string id, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(id, cancellationToken).ConfigureAwait(false);
        var path = Ingestion.InspectionPath(dataset.Id);
        if (await KeptAsync(path, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }

        var (found, _) = await work.RunAsync(dataset.Id, token => LookAsync(dataset, path, token), cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Stops looking.</summary>
    public ValueTask DisposeAsync() => work.DisposeAsync();

    private async Task<InspectionResource> LookAsync(Dataset dataset, string path, CancellationToken cancellationToken)
    {
        // Found between our look and our turn.
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
