using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>One try of an activity as figures tell it: its span, its time, and its memory where that is measured. Told as stopped when it neither completed nor failed.</summary>
internal sealed class ActivityRun : IDisposable
{
    private readonly KeyValuePair<string, object?> activity;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Activity? span;
    private readonly MemoryScope? memory;
    private string outcome = "stopped";

    public ActivityRun(ActivityStep step, InstanceRecord instance, SqliteWorkflowEngine engine)
    {
        activity = new("activity", step.Activity);
        span = WorkflowSpans.Try(step, instance);
        memory = engine.Profiler?.Begin(step.Activity);
    }

    public void Completed() => outcome = "completed";

    public void Failed(Problem problem)
    {
        outcome = "failed";
        span?.SetStatus(ActivityStatusCode.Error, problem.Code);
    }

    public void Dispose()
    {
        Instruments.ActivityDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, activity, new KeyValuePair<string, object?>("outcome", outcome));
        if (memory is not null)
        {
            var profile = memory.Read();
            memory.Dispose();
            Instruments.ActivityAllocated.Record(profile.AllocatedBytes, activity);
            Instruments.ActivityPeak.Record(profile.PeakResidentBytes, activity);
            span?.SetTag("memory.allocated", profile.AllocatedBytes).SetTag("memory.retained", profile.RetainedBytes).SetTag("memory.peak.resident", profile.PeakResidentBytes)
                .SetTag("memory.peak.managed", profile.PeakManagedBytes).SetTag("memory.peak.native", profile.PeakNativeBytes).SetTag("memory.overlapping", profile.Overlapping);
        }

        span?.Dispose();
    }
}
