using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>An instance as the journal holds it. Times are UTC ticks.</summary>
/// <param name="Key">Its short key; grows with each new instance.</param>
/// <param name="Id">Its id.</param>
/// <param name="Workflow">Name of its workflow.</param>
/// <param name="Input">JSON of its input.</param>
internal sealed record InstanceRecord(long Key, string Id, string Workflow, string Input)
{
    public WorkflowStatus Status { get; init; }

    /// <summary>Somebody asked to cancel it.</summary>
    public bool Cancelling { get; init; }

    public string? CustomStatus { get; init; }

    public string? Output { get; init; }

    public string? Problem { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>When this execution began: the first value of the workflow's clock.</summary>
    public long StartedAt { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>Counts resumptions after a failure; rows of earlier generations are results kept from then.</summary>
    public int Generation { get; init; }

    /// <summary>Counts the times it continued as new.</summary>
    public int Execution { get; init; }

    /// <summary>Of those that asked for it as a sub-workflow, the first that is still there; <c>null</c> once somebody has started it himself.</summary>
    public string? Parent { get; init; }

    /// <summary>The parent's generation that started or last resumed this one.</summary>
    public int ParentGeneration { get; init; }

    /// <summary>Trace context (W3C <c>traceparent</c>) under which it was accepted; <c>null</c> when nobody traced. All its activities stand below it, in whatever process they run.</summary>
    public string? Trace { get; init; }

    public bool Ended => Status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Cancelled;

    public WorkflowState ToState() => new(
        Id,
        Workflow,
        Status,
        new DateTimeOffset(CreatedAt, TimeSpan.Zero),
        new DateTimeOffset(UpdatedAt, TimeSpan.Zero),
        Parse(Input),
        Parse(CustomStatus),
        Parse(Output),
        Problem is null ? null : WorkflowRegistry.Read<Problem>(Problem));

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);
}
