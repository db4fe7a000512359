namespace AiAssignments.Pipeline.Operations.Traffic;

/// <summary>What was asked of this process over a window. Figures that nothing was measured for are <c>null</c>.</summary>
/// <param name="Seconds">Length of the window, seconds: less than asked for when the process is younger.</param>
/// <param name="Requests">Finished HTTP requests.</param>
/// <param name="RequestsPerSecond">The same a second.</param>
/// <param name="AverageMs">Mean response time, ms.</param>
/// <param name="P50Ms">Median response time, ms; percentiles are to within 1.6 %.</param>
/// <param name="P95Ms">95th percentile, ms.</param>
/// <param name="P99Ms">99th percentile, ms.</param>
/// <param name="ErrorRate">Share of requests answered with a status of 500 or more, 0..1.</param>
/// <param name="CacheHitRate">Share of cache look-ups answered by any level, 0..1.</param>
/// <param name="PeakConnections">Most requests and sockets that were open at once.</param>
/// <param name="PeakQueueLength">Most rows that waited for a batch at once.</param>
public sealed record TrafficFigures(
    double Seconds,
    long Requests,
    double RequestsPerSecond,
    double? AverageMs,
    double? P50Ms,
    double? P95Ms,
    double? P99Ms,
    double? ErrorRate,
    double? CacheHitRate,
    long PeakConnections,
    long PeakQueueLength);
