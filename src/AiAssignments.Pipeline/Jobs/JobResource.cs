using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>The visible state of anything that goes on in the background.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>evaluation</c>, <c>optimization</c> or <c>upload</c>.</param>
/// <param name="Status">Run state.</param>
/// <param name="Progress">How far it has come; absent before it started.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Links">Paths by name: <c>self</c>, the thing itself, <c>report</c> when there is one.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record JobResource(
    string Id,
    string Kind,
    WorkflowStatus Status,
    JobProgressView? Progress,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Links,
    Problem? Problem);
