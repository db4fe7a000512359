using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Hosting;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Pipeline.Uploads;

namespace AiAssignments.Functions.Hosting;

/// <summary>What the timer does.</summary>
public sealed class Upkeep(AzureRuntime runtime, AzureBlobs azure, IBlobStore blobs, IDocumentStore documents, UploadDesk uploads, TimeProvider time)
{
    /// <summary>Goes on with uploads that were received when an instance stopped; brings the inference servers their models; removes what expired and what nothing belongs to.</summary>
    /// <param name="cancellationToken">The host stops.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await uploads.ResumeAsync(cancellationToken).ConfigureAwait(false);
        await uploads.SweepAsync(cancellationToken).ConfigureAwait(false);
        await runtime.Client.SweepAsync(cancellationToken).ConfigureAwait(false);

        await (runtime.Shelf?.BringAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);

        // In a container that a data folder has claimed, its blobs would look like nobody's.
        await azure.Store.ClaimForDeploymentAsync(cancellationToken).ConfigureAwait(false);
        await new OrphanSweep(blobs, documents, runtime.Workflows, time).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
