using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>
/// The spans of workflows. A span lives in one process and is lost when that is killed, a workflow is not: so what all activities stand below is the short span of its acceptance,
/// which has ended, and been sent, before any of them runs. Its id is in the journal, from where another process goes on with the same trace.
/// The whole is told by one more span when the instance ends.
/// </summary>
internal static class WorkflowSpans
{
    /// <summary>The acceptance of an instance, below whoever asks for it.</summary>
    /// <param name="workflow">Registered name.</param>
    /// <param name="instanceId">Its id.</param>
    /// <param name="parent">Trace context of the instance that asks; <c>null</c>: whatever span is current.</param>
    public static Activity? Start(string workflow, string instanceId, string? parent) => !Instruments.Source.HasListeners()
        ? null
        : Instruments.Source.StartActivity($"start {workflow}", ActivityKind.Producer, Context(parent))
            ?.SetTag("workflow", workflow).SetTag("workflow.instance", instanceId);

    /// <summary>One try of an activity.</summary>
    public static Activity? Try(ActivityStep step, InstanceRecord instance) => !Instruments.Source.HasListeners()
        ? null
        : Instruments.Source.StartActivity($"activity {step.Activity}", ActivityKind.Consumer, Context(instance.Trace))
            ?.SetTag("workflow", instance.Workflow).SetTag("workflow.instance", instance.Id).SetTag("workflow.step", step.Id).SetTag("workflow.attempt", step.Attempts + 1);

    /// <summary>An instance from its acceptance to its end, over all processes that worked at it.</summary>
    public static void End(InstanceRecord instance)
    {
        var status = instance.Status.ToString().ToLowerInvariant();
        Instruments.WorkflowsEnded.Add(1, new("workflow", instance.Workflow), new KeyValuePair<string, object?>("status", status));
        if (!Instruments.Source.HasListeners())
        {
            return;
        }

        using var span = Instruments.Source.StartActivity(
            $"run {instance.Workflow}", ActivityKind.Consumer, Context(instance.Trace), startTime: new DateTimeOffset(instance.CreatedAt, TimeSpan.Zero));
        span?.SetTag("workflow", instance.Workflow).SetTag("workflow.instance", instance.Id).SetTag("workflow.status", status);
        if (instance is { Status: WorkflowStatus.Failed, Problem: { } problem })
        {
            span?.SetStatus(ActivityStatusCode.Error, WorkflowRegistry.Read<Problem>(problem).Code);
        }

        span?.SetEndTime(new DateTime(instance.UpdatedAt, DateTimeKind.Utc));
    }

    private static ActivityContext Context(string? trace) => trace is not null && ActivityContext.TryParse(trace, null, isRemote: true, out var context) ? context : default;
}
