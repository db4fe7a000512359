using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Housekeeping;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>Finds ended instances that nobody asks for any more: shares of a fan-out whose workflow has ended or is gone, and expired jobs.</summary>
/// <param name="client">The task hub.</param>
/// <param name="registry">The workflows.</param>
/// <param name="time">The clock.</param>
/// <param name="kept">How long a job is kept after its end.</param>
/// <param name="remove">Removes a job.</param>
internal sealed class DurableSweep(IDurableClient client, WorkflowRegistry registry, TimeProvider time, TimeSpan kept, Func<string, CancellationToken, Task> remove)
{
    // Younger ones have hardly ended.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Sweeps once. What cannot be removed keeps nothing else from being removed.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var attempts = new Attempts();
        await foreach (var found in client.QueryAsync(new DurableQuery(CreatedTo: time.GetUtcNow() - Grace), cancellationToken).ConfigureAwait(false))
        {
            await attempts.TryAsync(async () => removed += await RemoveAsync(found, cancellationToken).ConfigureAwait(false) ? 1 : 0, cancellationToken).ConfigureAwait(false);
        }

        attempts.ThrowIfAnyFailed("removing an ended workflow instance");
        return removed;
    }

    private async Task<bool> RemoveAsync(DurableInstance found, CancellationToken cancellationToken)
    {
        if (!found.Ended)
        {
            return false;
        }

        if (found.Name == DurableNames.FanOut && found.Id.LastIndexOf(':') is > 0 and var end)
        {
            if (await client.FindAsync(found.Id[..end], cancellationToken).ConfigureAwait(false) is { Ended: false })
            {
                return false;
            }

            await client.PurgeAsync(found.Id, cancellationToken).ConfigureAwait(false);
            return true;
        }

        // Somebody may have started it anew since it was listed.
        if (!HasExpired(found) || await client.FindAsync(found.Id, cancellationToken).ConfigureAwait(false) is not { Ended: true } now || now.UpdatedAt != found.UpdatedAt)
        {
            return false;
        }

        await remove(found.Id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // What completed is kept for its result; a drop that was taken in has none.
    private bool HasExpired(DurableInstance found) => found.UpdatedAt < time.GetUtcNow() - kept && registry.Workflows.Contains(found.Name)
        && (found.Status != DurableStatus.Completed || found.Name == WorkflowRegistry.WorkflowName(typeof(AcceptDrop)));
}
