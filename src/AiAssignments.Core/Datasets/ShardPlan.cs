namespace AiAssignments.Core.Datasets;

/// <summary>A dataset cut into shards: contiguous, in order, without gap or overlap, covering every record.</summary>
/// <param name="Shards">The shards in order.</param>
/// <param name="RecordCount">Records in all, bad ones included.</param>
public sealed record ShardPlan(IReadOnlyList<Shard> Shards, long RecordCount);
