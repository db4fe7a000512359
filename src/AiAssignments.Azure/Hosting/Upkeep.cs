using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Pipeline.Uploads;

namespace AiAssignments.Azure.Hosting;

/// <summary>What a timer does now and then in one of the processes. What fails keeps nothing else from being done.</summary>
/// <param name="runtime">The pipeline.</param>
/// <param name="azure">The storage account.</param>
/// <param name="blobs">Its blobs.</param>
/// <param name="documents">The documents.</param>
/// <param name="uploads">The uploads.</param>
/// <param name="time">The clock.</param>
public sealed class Upkeep(AzureRuntime runtime, AzureBlobs azure, IBlobStore blobs, IDocumentStore documents, UploadDesk uploads, TimeProvider time)
{
    // Longer than an instance may work on a request (host.json, functionTimeout).
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(3);

    /// <summary>Goes on with uploads that were received when an instance stopped; removes what expired; brings the inference servers their models; removes what nothing belongs to.</summary>
    /// <param name="cancellationToken">The host stops.</param>
    /// <exception cref="AggregateException">What failed, after all the rest was done.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        var before = time.GetUtcNow() - Abandoned;
        await attempts.TryAsync(() => uploads.ResumeAsync(before, cancellationToken), cancellationToken).ConfigureAwait(false);
        await attempts.TryAsync(() => uploads.SweepAsync(before, cancellationToken), cancellationToken).ConfigureAwait(false);
        await attempts.TryAsync(() => runtime.Client.SweepAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (runtime.Shelf is { } shelf)
        {
            await attempts.TryAsync(() => shelf.BringAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        await attempts.TryAsync(() => SweepOrphansAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        attempts.ThrowIfAnyFailed("a part of the housekeeping");
    }

    // In a container that a data folder has claimed, its blobs would look like nobody's.
    private async Task SweepOrphansAsync(CancellationToken cancellationToken)
    {
        await azure.Store.ClaimForDeploymentAsync(cancellationToken).ConfigureAwait(false);
        await new OrphanSweep(blobs, documents, runtime.Workflows, time).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
