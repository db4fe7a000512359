namespace AiAssignments.Evaluation.Results;

/// <summary>Latency of model runs, from an HDR histogram. Milliseconds.</summary>
/// <param name="Unit">What one sample is: <c>batch</c> or <c>record</c>.</param>
/// <param name="Samples">Sample count.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Largest.</param>
/// <param name="Buckets">For drawing: upper edge in milliseconds and count, edges rising.</param>
public sealed record LatencySummary(string Unit, long Samples, double P50, double P90, double P95, double P99, double Max, IReadOnlyList<LatencyBucket> Buckets);

/// <summary>One bucket of the latency histogram.</summary>
/// <param name="UpperMilliseconds">Upper edge.</param>
/// <param name="Count">Samples in it.</param>
public sealed record LatencyBucket(double UpperMilliseconds, long Count);
