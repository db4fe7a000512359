using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Workflows;

/// <summary>What is known of a workflow instance.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Status">Run state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When the state last changed.</param>
/// <param name="Input">Its input.</param>
/// <param name="CustomStatus">What the workflow last set.</param>
/// <param name="Output">Its result, when completed.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record WorkflowState(
    string InstanceId,
    string Workflow,
    WorkflowStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    JsonElement? Input,
    JsonElement? CustomStatus,
    JsonElement? Output,
    Problem? Problem);
