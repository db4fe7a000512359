using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>
/// Starts workflows on Durable Functions and looks after them. An id that was accepted is started once, however often and from wherever it is asked for.
/// A failed or cancelled one starts anew with an empty history; its activities write to derived names, so that what they did before is not harmed, and done again.
/// </summary>
/// <param name="client">The task hub.</param>
/// <param name="registry">What can be run.</param>
/// <param name="time">The clock.</param>
/// <param name="changed">Told of cancellations, which the workflow itself does not see. Default: nobody.</param>
/// <param name="documents">Where it is kept who waits for which workflow, so that one that only a cancelled one waited for is cancelled with it. Default: nowhere, and it comes to its end.</param>
public sealed class DurableWorkflowClient(IDurableClient client, WorkflowRegistry registry, TimeProvider time, Action<WorkflowState>? changed = null, IDocumentStore? documents = null) : IWorkflowClient
{
    // The task hub takes 100 characters, of which shares need some.
    private const int LongestId = 80;

    // Durable Functions keeps instances by id; newest first is had by asking for one span of time after the other, each four times as long.
    private static readonly TimeSpan FirstSpan = TimeSpan.FromDays(1);

    // How long whoever cancels may need to start anew what is wanted all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly DateTimeOffset Beginning = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DurableClaims? claims = documents is null ? null : new DurableClaims(documents);

    /// <summary>How long drops that were taken in, and what failed or was cancelled, are kept after their end. Default: 30 days. Claims on workflows are kept as long (infra/modules/cosmos.bicep).</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(30);

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>instance-id-invalid</c>; <c>workflow-id-conflict</c> when the id belongs to another workflow.</exception>
    public Task<bool> StartAsync<TWorkflow, TInput, TOutput>(string instanceId, TInput input, CancellationToken cancellationToken)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        var name = WorkflowRegistry.WorkflowName(typeof(TWorkflow));
        return StartAsync(name, instanceId, DurableJson.Element(input, name), cancellationToken);
    }

    /// <summary>As the other, by name.</summary>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="instanceId">The id.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>instance-id-invalid</c>; <c>workflow-id-conflict</c>; <c>workflow-unknown</c>.</exception>
    public async Task<bool> StartAsync(string workflow, string instanceId, JsonElement input, CancellationToken cancellationToken)
    {
        Check(instanceId);
        var claimed = await ClaimAsync(instanceId, cancellationToken).ConfigureAwait(false);
        var begun = await BeginAsync(workflow, instanceId, input, cancellationToken).ConfigureAwait(false);

        // It was there: a workflow may have asked for it since, and have been cancelled.
        return begun || (!claimed && await ClaimAsync(instanceId, cancellationToken).ConfigureAwait(false)
            && await BeginAsync(workflow, instanceId, input, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>As the other, for a workflow that waits for it; nothing where that one has ended, as its activities go on after it.</summary>
    internal async Task StartForAsync(string? parent, string workflow, string instanceId, JsonElement input, CancellationToken cancellationToken)
    {
        Check(instanceId);
        if (claims is null || parent is null)
        {
            await BeginAsync(workflow, instanceId, input, cancellationToken).ConfigureAwait(false);
            return;
        }

        await claims.PutAsync(parent, instanceId, cancellationToken).ConfigureAwait(false);
        if (!await IsUnderWayAsync(parent, cancellationToken).ConfigureAwait(false))
        {
            await claims.RemoveAsync(parent, instanceId, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await BeginAsync(workflow, instanceId, input, cancellationToken).ConfigureAwait(false))
        {
            // Whoever has cancelled that one since may have looked for what goes with it before this was there.
            if (!await IsUnderWayAsync(parent, cancellationToken).ConfigureAwait(false))
            {
                await LetGoAsync(instanceId, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        // It was there. Where no workflow has asked for it before, somebody started it himself, and it stays his: no shorter than any other claim is kept.
        var parents = await claims.ParentsAsync(instanceId, cancellationToken).ConfigureAwait(false);
        if (parents.Contains(DurableClaims.Own) || parents.All(one => one == parent))
        {
            await claims.PutAsync(DurableClaims.Own, instanceId, cancellationToken).ConfigureAwait(false);
            await BeginAsync(workflow, instanceId, input, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether one that was found cancelled starts anew, or has by now: it went with a workflow while somebody else asked for it. Whoever cancelled it starts it; where he has not within a
    /// minute, this call does.
    /// </summary>
    internal async Task<bool> ReturnsAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is not { Status: DurableStatus.Terminated } gone)
        {
            return true;
        }

        if (!DurableReasons.HasGone(gone) || !await IsWantedAsync(instanceId, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (time.GetUtcNow() - gone.UpdatedAt > Patience)
        {
            await BeginAgainAsync(gone, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static void Check(string instanceId)
    {
        if (!IsId(instanceId))
        {
            throw new ProblemException("instance-id-invalid", $"A workflow instance id has 1 to {LongestId} characters, none of them a control character or one of / \\ # ?, and no @ first.");
        }
    }

    private async Task<bool> BeginAsync(string workflow, string instanceId, JsonElement input, CancellationToken cancellationToken)
    {
        var call = DurableJson.Element(new WorkflowCall(registry.VersionOf(workflow), input), workflow);
        if (await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } known)
        {
            if (known.Name != workflow)
            {
                throw new ProblemException("workflow-id-conflict", $"The id belongs to an instance of '{known.Name}' already; use another id or purge that one.", instanceId);
            }

            if (known.Status is not (DurableStatus.Failed or DurableStatus.Terminated))
            {
                return false;
            }

            // Not the instance itself, which the new run takes the place of: another process may have started it anew since it was looked for. Nor what such a run has begun.
            await RemoveSharesAsync(instanceId, share => share.CreatedAt <= known.UpdatedAt, cancellationToken).ConfigureAwait(false);
        }

        return await client.ScheduleAsync(workflow, call, instanceId, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async Task<WorkflowState?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        IsId(instanceId) && await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } found ? found.ToState() : null;

    /// <inheritdoc />
    public async IAsyncEnumerable<WorkflowState> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Clocks differ; what was created a moment ahead of this one's is new all the same.
        var to = time.GetUtcNow() + TimeSpan.FromHours(1);
        var span = FirstSpan;
        while (to > Beginning)
        {
            var from = to - Beginning > span ? to - span : Beginning;
            var query = new DurableQuery(from, to, Payloads: true);
            var found = await client.QueryAsync(query, cancellationToken)
                .Where(instance => instance.CreatedAt >= from && instance.CreatedAt < to && registry.Workflows.Contains(instance.Name))
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var instance in found.OrderByDescending(instance => instance.CreatedAt).ThenByDescending(instance => instance.Id, StringComparer.Ordinal))
            {
                yield return instance.ToState();
            }

            (to, span) = (from, 4 * span);
        }
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>workflow-not-found</c>.</exception>
    public async Task<WorkflowState> WaitAsync(string instanceId, CancellationToken cancellationToken) =>
        IsId(instanceId) && await client.WaitForCompletionAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } ended ? ended.ToState() : throw NotFound(instanceId);

    /// <inheritdoc />
    /// <remarks>
    /// Activities under way come to their end, and their results are not looked at. What was started for it by an id of its own, and nobody else wants, goes with it. Whoever asks for one of
    /// those in that very moment gets it: who wants it is looked at again once it has ended, and it starts anew. In between it shows as cancelled; and where this process dies in between, it
    /// stays so for somebody who asked for it himself, until he asks again, while a workflow that waits for it starts it anew after a minute.
    /// </remarks>
    /// <exception cref="ProblemException"><c>workflow-not-found</c>.</exception>
    public async Task CancelAsync(string instanceId, CancellationToken cancellationToken)
    {
        var found = IsId(instanceId) ? await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) : null;
        if (!(found ?? throw NotFound(instanceId)).Ended)
        {
            await CancelAsync(found, DurableReasons.Asked, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CancelAsync(DurableInstance found, string reason, CancellationToken cancellationToken)
    {
        // The one that starts more of them first.
        await EndAsync(found.Id, reason, cancellationToken).ConfigureAwait(false);
        var ended = await LeftAsync(found, cancellationToken).ConfigureAwait(false);

        // Not what a run has begun that took its place since.
        var until = ended is null ? DateTimeOffset.MaxValue : ended.CreatedAt == found.CreatedAt ? ended.UpdatedAt : ended.CreatedAt;
        await foreach (var share in ChildrenAsync(found.Id, cancellationToken).Where(share => share.CreatedAt <= until).ConfigureAwait(false))
        {
            if (!share.Ended)
            {
                await EndAsync(share.Id, reason, cancellationToken).ConfigureAwait(false);
            }
        }

        if (ended is not null && DurableReasons.HasGone(ended) && await IsWantedAsync(found.Id, cancellationToken).ConfigureAwait(false))
        {
            await BeginAgainAsync(ended, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (ended is { Status: DurableStatus.Terminated })
        {
            changed?.Invoke(ended.ToState());
        }

        foreach (var child in claims is null ? [] : await claims.ChildrenAsync(found.Id, cancellationToken).ConfigureAwait(false))
        {
            await LetGoAsync(child, cancellationToken).ConfigureAwait(false);
        }
    }

    // Cancelled with a workflow that had asked for it, unless somebody else wants it.
    private async Task LetGoAsync(string child, CancellationToken cancellationToken)
    {
        if (!await IsWantedAsync(child, cancellationToken).ConfigureAwait(false) && await client.FindAsync(child, cancellationToken).ConfigureAwait(false) is { Ended: false } left)
        {
            await CancelAsync(left, DurableReasons.Went, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (!IsId(instanceId) || await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        if (!found.Ended)
        {
            await CancelAsync(instanceId, cancellationToken).ConfigureAwait(false);
        }

        await RemoveAndDisclaimAsync(instanceId, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>workflow-not-found</c>; <c>workflow-ended</c>.</exception>
    public async Task RaiseEventAsync<T>(string instanceId, string name, T payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var found = IsId(instanceId) ? await client.FindAsync(instanceId, cancellationToken).ConfigureAwait(false) : null;
        if ((found ?? throw NotFound(instanceId)).Ended)
        {
            throw new ProblemException("workflow-ended", "The workflow instance has ended and takes no more events.", instanceId);
        }

        await client.RaiseEventAsync(instanceId, name, DurableJson.Element(payload, $"The event '{name}'"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes shares of fan-outs that have ended together with the workflow that they were of, or have lost it; and expired jobs: drops that were taken in, and what failed or was cancelled,
    /// <see cref="Kept"/> after its end.
    /// </summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many.</returns>
    /// <exception cref="AggregateException">Some could not be removed; the others were.</exception>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => new DurableSweep(client, registry, time, Kept, RemoveExpiredAsync).RunAsync(cancellationToken);

    // What the storage provider refuses in a row key, what names an entity, and hostile lengths.
    private static bool IsId(string id) =>
        id is { Length: > 0 and <= LongestId } && id[0] != '@' && !id.Any(character => char.IsControl(character) || character is '/' or '\\' or '#' or '?');

    private static ProblemException NotFound(string id) => new("workflow-not-found", "No workflow instance has this id.", id.Length <= LongestId ? id : id[..LongestId]);

    private IAsyncEnumerable<DurableInstance> ChildrenAsync(string id, CancellationToken cancellationToken) =>
        client.QueryAsync(new DurableQuery(Prefix: $"{id}:"), cancellationToken).Where(child => child.Id.StartsWith($"{id}:", StringComparison.Ordinal));

    // A hub refuses to end what ended by itself a moment ago.
    private async Task EndAsync(string id, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await client.TerminateAsync(id, reason, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (await client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Ended: false })
            {
                throw;
            }
        }
    }

    // The end of this run; null when there is none any more. The hub's own waiting would go on to the end of a run that has taken its place meanwhile.
    private async Task<DurableInstance?> LeftAsync(DurableInstance run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await client.FindAsync(run.Id, cancellationToken).ConfigureAwait(false);
            if (found is null or { Ended: true } || found.CreatedAt != run.CreatedAt)
            {
                return found;
            }

            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BeginAgainAsync(DurableInstance ended, CancellationToken cancellationToken) =>
        await BeginAsync(ended.Name, ended.Id, DurableJson.Read<WorkflowCall>(DurableJson.Parse(ended.Input!)).Input, cancellationToken).ConfigureAwait(false);

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await RemoveSharesAsync(id, static _ => true, cancellationToken).ConfigureAwait(false);
        await client.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveSharesAsync(string id, Func<DurableInstance, bool> which, CancellationToken cancellationToken)
    {
        foreach (var child in await ChildrenAsync(id, cancellationToken).Where(which).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!child.Ended)
            {
                await EndAsync(child.Id, DurableReasons.Asked, cancellationToken).ConfigureAwait(false);
                await client.WaitForCompletionAsync(child.Id, cancellationToken).ConfigureAwait(false);
            }

            await client.PurgeAsync(child.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    // That somebody asks for it himself; whether that is worth a note, as workflows have asked for it, too.
    private async Task<bool> ClaimAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (claims is null || (await claims.ParentsAsync(instanceId, cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            return false;
        }

        await claims.PutAsync(DurableClaims.Own, instanceId, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // By somebody himself, or by a workflow that has not ended.
    private async Task<bool> IsWantedAsync(string child, CancellationToken cancellationToken)
    {
        foreach (var parent in claims is null ? [] : await claims.ParentsAsync(child, cancellationToken).ConfigureAwait(false))
        {
            if (parent == DurableClaims.Own || await IsUnderWayAsync(parent, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsUnderWayAsync(string id, CancellationToken cancellationToken) => await client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Ended: false };

    // What it had asked for stays: evaluations are kept for their results.
    private async Task RemoveExpiredAsync(string id, CancellationToken cancellationToken)
    {
        await RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        if (claims is not null)
        {
            await claims.RemoveAllAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveAndDisclaimAsync(string id, CancellationToken cancellationToken)
    {
        await RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        await DisclaimAsync(id, cancellationToken).ConfigureAwait(false);
    }

    // What only it has asked for goes with it, as on the embedded engine.
    private async Task DisclaimAsync(string id, CancellationToken cancellationToken)
    {
        if (claims is null)
        {
            return;
        }

        foreach (var child in await claims.RemoveAllAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if ((await claims.ParentsAsync(child, cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                await PurgeAsync(child, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
