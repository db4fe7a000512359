namespace AiAssignments.Evaluation.Results;

/// <summary>How fast and how heavy the evaluation was. Not part of what must repeat to the last bit.</summary>
/// <param name="Batches">Latency of the model's batches.</param>
/// <param name="RecordsPerSecond">Scored records by the time in which at least one shard was scored.</param>
/// <param name="ScoringSeconds">Sum of the shards' wall time.</param>
/// <param name="PeakWorkingSetBytes">Peak working set of the process seen.</param>
/// <param name="AllocatedBytes">Managed bytes that the whole process allocated during the shards; shards that ran side by side count each other's.</param>
/// <param name="Throughput">Records per second over time, one point a shard, in time order.</param>
public sealed record PerformanceSummary(
    LatencySummary Batches,
    double RecordsPerSecond,
    double ScoringSeconds,
    long PeakWorkingSetBytes,
    long AllocatedBytes,
    IReadOnlyList<ThroughputPoint> Throughput);

/// <summary>Throughput of one shard.</summary>
/// <param name="At">When the shard ended.</param>
/// <param name="Shard">Shard ordinal.</param>
/// <param name="Records">Records scored.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record ThroughputPoint(DateTimeOffset At, int Shard, long Records, double Seconds);
