using System.Runtime.CompilerServices;
using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Local.Drops;

/// <summary>
/// Finds what is dropped into the containers by looking now and then: there is no Event Grid here to tell. A blob is complete when it is listed.
/// Each comes once for each of its ETags, models before datasets.
/// </summary>
internal sealed class BlobWatch(AzureBlobs azure, BlobDrops drops, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> datasets = new(StringComparer.Ordinal);
    private bool unreachable;

    public async IAsyncEnumerable<IReadOnlyList<Arrival>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrived = await LookAsync(cancellationToken).ConfigureAwait(false);
            if (arrived.Count > 0)
            {
                yield return arrived;
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<Arrival>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var arrived = new List<Arrival>();
            foreach (var name in await NewAsync(azure.Models, models, cancellationToken).ConfigureAwait(false))
            {
                arrived.Add(new Arrival(name, token => AcceptModelAsync(name, token)));
            }

            foreach (var name in await NewAsync(azure.Datasets, datasets, cancellationToken).ConfigureAwait(false))
            {
                arrived.Add(new Arrival(name, async token => new Accepted(await drops.AcceptDatasetAsync(azure.Datasets, name, token).ConfigureAwait(false))));
            }

            unreachable = false;
            return arrived;
        }
        catch (Exception error) when (error is IOException or ProblemException)
        {
            // As if nothing had come; said once.
            if (!unreachable)
            {
                logger.LogWarning(error, "The containers of drops cannot be looked at; it is tried again and again");
            }

            unreachable = true;
            return [];
        }
    }

    private async Task<Accepted> AcceptModelAsync(string name, CancellationToken cancellationToken)
    {
        var (version, isNew) = await drops.AcceptModelAsync(azure.Models, name, cancellationToken).ConfigureAwait(false);
        return new Accepted(null, isNew ? $"registered as {version.Reference}" : $"known as {version.Reference}");
    }

    private static async Task<List<string>> NewAsync(IBlobStore container, Dictionary<string, string> seen, CancellationToken cancellationToken)
    {
        var present = await container.ListAsync(string.Empty, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var found = present.Where(blob => seen.GetValueOrDefault(blob.Path) != blob.ETag).Select(blob => blob.Path).ToList();
        seen.Clear();
        foreach (var blob in present)
        {
            seen[blob.Path] = blob.ETag;
        }

        return found;
    }
}
