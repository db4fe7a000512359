namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>What a <see cref="SliceAccumulator"/> holds, as kept in a shard's result.</summary>
/// <param name="Columns">One entry a slice column.</param>
/// <param name="LengthCounts">Records by range of length: 0, 1, 2, 3–4, 5–8, …</param>
/// <param name="LengthRight">Right ones among them.</param>
public sealed record SliceState(IReadOnlyList<SliceColumnState> Columns, IReadOnlyList<long> LengthCounts, IReadOnlyList<long> LengthRight);

/// <summary>The values of one slice column.</summary>
/// <param name="Overflowed">Whether there were too many distinct values to keep any.</param>
/// <param name="Values">Distinct values in ordinal order.</param>
/// <param name="Counts">Records of each.</param>
/// <param name="Right">Right ones of each.</param>
public sealed record SliceColumnState(bool Overflowed, IReadOnlyList<string> Values, IReadOnlyList<long> Counts, IReadOnlyList<long> Right);
