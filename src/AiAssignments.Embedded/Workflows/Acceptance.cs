using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>What a start has led to.</summary>
/// <param name="Instance">The instance as it is afterwards.</param>
/// <param name="Begun">Whether it was begun or resumed here.</param>
/// <param name="IsLeaving">It is being cancelled, for another parent or for somebody before: to be asked for again when it has ended.</param>
internal readonly record struct Accepted(InstanceRecord Instance, bool Begun, bool IsLeaving = false);

/// <summary>Decides what a start means for an id: a new instance, one to be resumed, or one that is there already. Several workflows can ask for one sub-workflow.</summary>
internal static class Acceptance
{
    public static Accepted Accept(JournalTables tables, InstanceRecord wanted)
    {
        if (tables.Find(wanted.Id) is not { } found)
        {
            Claim();
            return new(tables.Create(wanted), true);
        }

        var claim = wanted.Parent is null ? null : tables.ClaimOf(wanted.Parent, wanted.Id);
        if (found.Workflow != wanted.Workflow || wanted.Id == wanted.Parent || (claim is { } earlier && earlier.Input != wanted.Input))
        {
            throw new ProblemException("workflow-id-conflict", $"The id belongs to an instance of '{found.Workflow}' already, with other work; use another id or purge that one.", wanted.Id);
        }

        if (wanted.Parent is null && found.Parent is not null)
        {
            tables.Free(found.Key);
        }

        // A sub-workflow that failed for this very generation of its parent has failed for good; the parent just did not hear of it before a crash.
        var heard = claim is { } asked && asked.Generation == wanted.ParentGeneration;
        if (!heard && found is { Ended: false, Cancelling: true })
        {
            return new(found, false, IsLeaving: true);
        }

        Claim();
        if (found.Status is not (WorkflowStatus.Failed or WorkflowStatus.Cancelled) || heard)
        {
            return new(found, false);
        }

        tables.Reopen(found, claim is not null ? wanted.ParentGeneration : found.ParentGeneration, wanted.CreatedAt, wanted.Trace);
        return new(tables.Require(wanted.Id), true);

        void Claim()
        {
            if (wanted.Parent is not null)
            {
                tables.Claim(wanted.Parent, wanted.ParentGeneration, wanted.Id, wanted.Input);
            }
        }
    }
}
