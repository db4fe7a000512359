using AiAssignments.Pipeline.Drops;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Drops;

/// <summary>What is dropped into the containers. Event Grid tells of it at least once; the workflow's id is of name and ETag, so that one drop is taken in once.</summary>
/// <param name="drops">Where drops are told.</param>
public sealed class DropFunctions(DropDesk drops)
{
    /// <summary>A dataset arrived.</summary>
    [Function("DatasetArrived")]
    public Task DatasetArrivedAsync(
        [BlobTrigger("datasets/{name}", Source = BlobTriggerSource.EventGrid, Connection = "Drops")] BlobClient blob, string name, [DurableClient] DurableTaskClient hub, CancellationToken cancellationToken) =>
        drops.ArrivedAsync(DropKind.Dataset, name, cancellationToken);

    /// <summary>A model arrived.</summary>
    [Function("ModelArrived")]
    public Task ModelArrivedAsync(
        [BlobTrigger("models/{name}", Source = BlobTriggerSource.EventGrid, Connection = "Drops")] BlobClient blob, string name, [DurableClient] DurableTaskClient hub, CancellationToken cancellationToken) =>
        drops.ArrivedAsync(DropKind.Model, name, cancellationToken);
}
