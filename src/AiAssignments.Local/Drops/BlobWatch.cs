using System.Runtime.CompilerServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Local.Drops;

/// <summary>
/// Finds what is dropped into the containers by looking now and then: there is no Event Grid here to tell. A blob is complete when it is listed.
/// Each comes once for each of its ETags, models before datasets; one that could not be taken in for a reason that passes comes again.
/// </summary>
/// <param name="models">The container of models.</param>
/// <param name="datasets">The container of datasets.</param>
/// <param name="drops">Takes them in.</param>
/// <param name="settled">Remembers what was taken in before.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when the containers cannot be looked at.</param>
internal sealed class BlobWatch(IBlobStore models, IBlobStore datasets, BlobDrops drops, SettledDrops settled, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SeenBlobs seenModels = new(time);
    private readonly SeenBlobs seenDatasets = new(time);
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
            // Both before either counts as seen.
            var (presentModels, presentDatasets) = (await ListAsync(models, cancellationToken).ConfigureAwait(false), await ListAsync(datasets, cancellationToken).ConfigureAwait(false));
            List<Arrival> arrived =
            [
                .. seenModels.News(presentModels).Select(blob => new Arrival(blob.Path, token => AcceptAsync(seenModels, "models", blob, () => AcceptModelAsync(blob.Path, token), token))),
                .. seenDatasets.News(presentDatasets).Select(blob => new Arrival(blob.Path, token => AcceptAsync(seenDatasets, "datasets", blob, () => AcceptDatasetAsync(blob.Path, token), token))),
            ];
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

    private async Task<Accepted> AcceptAsync(SeenBlobs seen, string kind, BlobFacts blob, Func<Task<Accepted>> accept, CancellationToken cancellationToken)
    {
        try
        {
            if (await settled.HasAsync(kind, blob, cancellationToken).ConfigureAwait(false))
            {
                return new Accepted(null);
            }

            var accepted = await accept().ConfigureAwait(false);
            if (accepted.Dataset is not { Evaluations.Count: 0, Stopped: 0 })
            {
                await settled.AddAsync(kind, blob, cancellationToken).ConfigureAwait(false);
            }

            return accepted;
        }
        catch (Exception error) when (error is IOException or ProblemException { Problem.Code: "storage-busy" })
        {
            seen.Again(blob);
            throw;
        }
    }

    private async Task<Accepted> AcceptDatasetAsync(string name, CancellationToken cancellationToken) =>
        new(await drops.AcceptDatasetAsync(datasets, name, cancellationToken).ConfigureAwait(false));

    private async Task<Accepted> AcceptModelAsync(string name, CancellationToken cancellationToken)
    {
        var (version, isNew) = await drops.AcceptModelAsync(models, name, cancellationToken).ConfigureAwait(false);
        return new Accepted(null, isNew ? $"registered as {version.Reference}" : $"known as {version.Reference}");
    }

    private static ValueTask<List<BlobFacts>> ListAsync(IBlobStore container, CancellationToken cancellationToken) =>
        container.ListAsync(string.Empty, cancellationToken).ToListAsync(cancellationToken);
}
