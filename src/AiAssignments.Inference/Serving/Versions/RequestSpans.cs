using System.Diagnostics;
using AiAssignments.Core.Telemetry;
using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>
/// What happened to a request's rows on the lanes, told below the request's own span when it is over: how long they waited, and the batches that they ran in.
/// A batch has a span of its own, which is shared by all its requests and only linked to.
/// </summary>
internal static class RequestSpans
{
    public static void Tell(ServeRequest request, TimeProvider time)
    {
        if (request.Origin is not { } origin || request.Runs.Count == 0)
        {
            return;
        }

        var (now, stamp) = (time.GetUtcNow(), time.GetTimestamp());
        var first = request.Runs.Min(run => run.Started);
        using (var queue = Instruments.Source.StartActivity("queue", ActivityKind.Internal, origin, startTime: At(request.QueuedAt)))
        {
            queue?.SetEndTime(At(first).UtcDateTime);
        }

        foreach (var run in request.Runs)
        {
            ActivityLink[]? links = run.Batch == default ? null : [new ActivityLink(run.Batch)];
            using var inference = Instruments.Source.StartActivity("inference", ActivityKind.Internal, origin, links: links, startTime: At(run.Started));
            inference?.SetTag("rows", run.Rows).SetEndTime(At(run.Ended).UtcDateTime);
        }

        DateTimeOffset At(long timestamp) => now - time.GetElapsedTime(timestamp, stamp);
    }
}
