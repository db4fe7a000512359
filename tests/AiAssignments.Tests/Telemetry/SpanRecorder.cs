using System.Collections.Concurrent;
using System.Diagnostics;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Keeps every span of this project that ends while it listens. Other tests run beside: look only at spans of a trace of one's own.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private static readonly ActivitySource Roots = new("AiAssignments.Tests");
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;

    public SpanRecorder()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instruments.Name || source.Name == "AiAssignments.Tests",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Begins a trace of the test's own.</summary>
    public static Activity Begin() => Roots.CreateActivity("test", ActivityKind.Internal, new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded))!.Start();

    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. ended.Where(span => span.TraceId == trace).OrderBy(span => span.StartTimeUtc)];

    public IReadOnlyList<Activity> Named(string name) => [.. ended.Where(span => span.OperationName == name)];

    public void Dispose() => listener.Dispose();
}
