using System.Text.Json;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>An instance of the task hub as the state of a workflow.</summary>
internal static class DurableStates
{
    public static WorkflowState ToState(this DurableInstance instance) => new(
        instance.Id,
        instance.Name,
        instance.Status switch
        {
            DurableStatus.Pending => WorkflowStatus.Pending,
            DurableStatus.Completed => WorkflowStatus.Completed,
            DurableStatus.Failed => WorkflowStatus.Failed,
            DurableStatus.Terminated => WorkflowStatus.Cancelled,
            _ => WorkflowStatus.Running,
        },
        instance.CreatedAt,
        instance.UpdatedAt,
        Json(instance.Input) is { ValueKind: JsonValueKind.Object } input && input.TryGetProperty("input", out var own) ? own : null,
        Json(instance.CustomStatus),
        instance.Status == DurableStatus.Completed ? Json(instance.Output) : null,
        instance.Status == DurableStatus.Failed ? DurableJson.Problem(instance.Failure) : null);

    private static JsonElement? Json(string? text) => string.IsNullOrEmpty(text) || text == "null" ? null : DurableJson.Parse(text);
}
