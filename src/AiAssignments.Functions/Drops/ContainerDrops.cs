using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Functions.Drops;

/// <summary>The containers that are dropped into. The first dataset finds the sample models, where nobody has registered others.</summary>
internal sealed class ContainerDrops(AzureBlobs blobs, BlobDrops drops, ModelRegistry models) : IDropIntake
{
    public async Task<string?> FindAsync(DropKind kind, string name, CancellationToken cancellationToken) =>
        (await ContainerOf(kind).FindAsync(name, cancellationToken).ConfigureAwait(false))?.ETag;

    public async Task<DropTaken> TakeInAsync(DropKind kind, string name, CancellationToken cancellationToken)
    {
        if (kind == DropKind.Model)
        {
            return new DropTaken(Model: (await drops.AcceptModelAsync(blobs.Models, name, cancellationToken).ConfigureAwait(false)).Version.Reference);
        }

        await models.RegisterSamplesAsync(Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "models")), cancellationToken).ConfigureAwait(false);
        var taken = await drops.AcceptDatasetAsync(blobs.Datasets, name, cancellationToken).ConfigureAwait(false);
        return new DropTaken(taken.Dataset.Id, taken.Evaluations);
    }

    private IBlobStore ContainerOf(DropKind kind) => kind == DropKind.Model ? blobs.Models : blobs.Datasets;
}
