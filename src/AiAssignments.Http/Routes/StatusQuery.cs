using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Http.Requests;

namespace AiAssignments.Http.Routes;

/// <summary>The query parameter <c>status</c>.</summary>
internal static class StatusQuery
{
    public static WorkflowStatus? Of(HttpContext context) => context.Query("status") switch
    {
        null => null,
        "pending" => WorkflowStatus.Pending,
        "running" => WorkflowStatus.Running,
        "completed" => WorkflowStatus.Completed,
        "failed" => WorkflowStatus.Failed,
        "cancelled" => WorkflowStatus.Cancelled,
        _ => throw new ProblemException("status-unknown", "The status is pending, running, completed, failed or cancelled.", "status"),
    };
}
