using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Decides what a start means for an id: a new instance, one to be resumed, or one that is there already.</summary>
internal static class Acceptance
{
    /// <summary>The instance as it is afterwards, and whether it was begun or resumed here.</summary>
    public static (InstanceRecord Instance, bool Begun) Accept(JournalTables tables, InstanceRecord wanted)
    {
        if (tables.Find(wanted.Id) is not { } found)
        {
            return (tables.Create(wanted), true);
        }

        var owned = wanted.Parent is not null && found.Parent == wanted.Parent;
        if (found.Workflow != wanted.Workflow || wanted.Id == wanted.Parent || (owned && found.Input != wanted.Input))
        {
            throw new ProblemException("workflow-id-conflict", $"The id belongs to an instance of '{found.Workflow}' already, with other work; use another id or purge that one.", wanted.Id);
        }

        // A sub-workflow that failed for this very generation of its parent has failed for good; the parent just did not hear of it before a crash.
        var heard = owned && found.ParentGeneration == wanted.ParentGeneration;
        if (found.Status is not (WorkflowStatus.Failed or WorkflowStatus.Cancelled) || heard)
        {
            return (found, false);
        }

        tables.Reopen(found, owned ? wanted.ParentGeneration : found.ParentGeneration, wanted.CreatedAt, wanted.Trace);
        return (tables.Require(wanted.Id), true);
    }
}
