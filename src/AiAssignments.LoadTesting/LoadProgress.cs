using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting;

/// <summary>How far a load test is.</summary>
/// <param name="Phase"><c>warm-up</c>, <c>measuring</c> or <c>draining</c> (nothing more is sent, answers are waited for).</param>
/// <param name="Elapsed">Time in this phase; while measuring, the measured time.</param>
/// <param name="Most">How long the phase lasts at most.</param>
/// <param name="Last">The last second that is over; <c>null</c>: none yet.</param>
/// <param name="Requests">Requests measured so far.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="Latency">Latency so far; <c>null</c>: nothing was answered yet.</param>
/// <param name="Stability">How sure the estimates are so far.</param>
public sealed record LoadProgress(
    string Phase, TimeSpan Elapsed, TimeSpan Most, SecondPoint? Last, long Requests, long Failed, LatencyFigures? Latency, StabilityFigures Stability);
