using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>
/// Sub-workflows of an engine's instances. Several instances can ask for the same one: it goes when the last of them goes, and is cancelled when nobody waits for
/// it any more. One that was started by itself, before or after, belongs to whoever started it, and is left alone.
/// </summary>
internal sealed class ChildInstances(SqliteWorkflowEngine engine)
{
    /// <summary>Runs a sub-workflow to its end, or takes the end that it has.</summary>
    public async Task<InstanceRecord> RunAsync(ChildStep step, InstanceRecord parent, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var span = WorkflowSpans.Start(step.Workflow, step.ChildId, parent.Trace);
            var wanted = new InstanceRecord(0, InstanceIds.Check(step.ChildId), step.Workflow, step.Input)
            {
                CreatedAt = engine.NowTicks,
                Trace = span?.Id,
                Parent = parent.Id,
                ParentGeneration = parent.Generation,
            };
            var (child, begun, isLeaving) = await engine.Writer.WriteAsync(tables => Acceptance.Accept(tables, wanted)).ConfigureAwait(false);
            span?.Stop();
            if (!child.Ended && engine.EnsureRunning(child) && begun)
            {
                engine.Report(child);
            }

            if (!isLeaving)
            {
                var (ended, problem) = await engine.WaitForEndAsync(child.Id, cancellationToken).ConfigureAwait(false);
                return problem is null ? ended : throw new ProblemException(problem);
            }

            await LeaveAsync(child.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until one that is being cancelled has ended.</summary>
    /// <exception cref="ProblemException">It cannot end, as the journal cannot be written.</exception>
    public async Task LeaveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            if ((await engine.WaitForEndAsync(id, cancellationToken).ConfigureAwait(false)).Problem is { } problem)
            {
                throw new ProblemException(problem);
            }
        }
        catch (ProblemException exception) when (exception.Problem.Code == "workflow-not-found")
        {
            // It has left altogether.
        }
    }

    /// <summary>Cancels what a parent that is cancelled has asked for, and nobody else waits for.</summary>
    public async Task CancelAsync(string parent)
    {
        foreach (var child in engine.Reader.ChildrenOf(parent).Where(static child => !child.Ended))
        {
            await engine.CancelAsync(child.Id, parent, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Removes an instance with its sub-workflows.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="parent">The parent that it is removed with; <c>null</c> when it is removed for itself.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether there was one, and it was removed.</returns>
    public async Task<bool> PurgeAsync(string id, string? parent, CancellationToken cancellationToken)
    {
        while (engine.Reader.Find(id) is not null)
        {
            if (parent is not null && await engine.Writer.WriteAsync(tables => tables.Find(id) is { } found && tables.TryRelease(found, parent)).ConfigureAwait(false))
            {
                return false;
            }

            try
            {
                await engine.CancelAsync(id, parent, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException exception) when (exception.Problem.Code == "workflow-not-found")
            {
                return false;
            }

            foreach (var child in engine.Reader.ChildrenOf(id))
            {
                await PurgeAsync(child.Id, id, cancellationToken).ConfigureAwait(false);
            }

            var deleted = await engine.Writer.WriteAsync(tables =>
            {
                // Somebody may have asked for it meanwhile.
                if (tables.Find(id) is not { Ended: true } ended || (parent is not null && tables.TryRelease(ended, parent)))
                {
                    return false;
                }

                tables.Delete(ended);
                return true;
            }).ConfigureAwait(false);
            if (deleted)
            {
                engine.Signal(id);
                return true;
            }
        }

        return false;
    }
}
