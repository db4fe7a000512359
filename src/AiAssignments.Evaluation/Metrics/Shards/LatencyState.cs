namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>What a <see cref="LatencyRecorder"/> holds, as kept in a shard's result.</summary>
/// <param name="Microseconds">Upper ends of the histogram's buckets that are not empty, rising.</param>
/// <param name="Counts">Samples in each.</param>
public sealed record LatencyState(IReadOnlyList<long> Microseconds, IReadOnlyList<long> Counts);
