using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Batching;

/// <summary>A dataset that is not the one that was planned.</summary>
internal static class ShardChange
{
    /// <summary>The problem <c>dataset-changed</c>.</summary>
    /// <param name="shard">The shard as it was planned.</param>
    /// <param name="found">What there is instead, as the end of a sentence.</param>
    public static ProblemException Of(Shard shard, string found) => new(
        "dataset-changed",
        $"Shard {shard.Index} was planned as {shard.RecordCount} records in bytes {shard.ByteStart} to {shard.ByteEnd}, but {found}. The dataset changed since it was planned; evaluate it again.",
        $"byte {shard.ByteStart}");
}
