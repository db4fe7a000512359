using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace AiAssignments.Azure.Blobs;

/// <summary>
/// Holds a container for one process: a lease on its owner's note, renewed until it is let go. Its id is made of who holds it, so that the same data folder on the same machine has it
/// back at once after a kill, and a copy of the folder, which has the same owner's id, does not get it.
/// </summary>
public sealed class ContainerLease : IAsyncDisposable
{
    /// <summary>The longest that a lease can be asked for, but for one without end (learn.microsoft.com, "Lease Blob"): how long a dead holder's copy has to wait.</summary>
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);

    private readonly BlobLeaseClient lease;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task renewing;

    private ContainerLease(BlobLeaseClient lease, TimeProvider time)
    {
        (this.lease, this.time, Lost) = (lease, time, lost.Token);
        renewing = Task.Run(RenewAsync);
    }

    /// <summary>Cancelled when another has the container: after this process did not renew its lease for a minute, as a machine that slept.</summary>
    public CancellationToken Lost { get; }

    /// <exception cref="ProblemException"><c>storage-in-use</c>.</exception>
    internal static async Task<ContainerLease> AcquireAsync(BlobClient note, string holder, TimeProvider time, CancellationToken cancellationToken)
    {
        var lease = note.GetBlobLeaseClient(IdOf(holder));
        try
        {
            await BlobFaults.CallAsync(
                note.BlobContainerName, async () => await lease.AcquireAsync(Duration, cancellationToken: cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException held) when (held.Problem.Code == "blob-conflict")
        {
            throw new ProblemException(
                new Problem(
                    "storage-in-use",
                    $"Another copy of this data folder works with the container, or did until less than {Duration.TotalSeconds:0} seconds ago; stop it, or give this one another container and an empty folder.",
                    note.Uri.GetLeftPart(UriPartial.Path)),
                held);
        }

        return new ContainerLease(lease, time);
    }

    /// <summary>Lets the container go; where that fails, the lease ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lost.IsCancellationRequested)
        {
            await ((Task)lease.ReleaseAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        stopping.Dispose();
        lost.Dispose();
    }

    private static string IdOf(string holder) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(holder)).AsSpan(0, 16)).ToString("D");

    private async Task RenewAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Renewal, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await lease.RenewAsync(cancellationToken: stopping.Token).ConfigureAwait(false);
            }
            catch (RequestFailedException gone) when (gone.Status is 404 or 409 or 412)
            {
                await lost.CancelAsync().ConfigureAwait(false);
                return;
            }
            catch (Exception passing) when (passing is not OutOfMemoryException)
            {
                // Tried again soon. A lease that has run out meanwhile is renewed all the same, unless another has taken it.
            }
        }
    }
}
