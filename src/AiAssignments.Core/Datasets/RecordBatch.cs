namespace AiAssignments.Core.Datasets;

/// <summary>Some records of a shard, in order, with the bad ones met on the way.</summary>
/// <param name="Records">Good records, in dataset order.</param>
/// <param name="Errors">Bad records, in dataset order.</param>
public sealed record RecordBatch(IReadOnlyList<DatasetRecord> Records, IReadOnlyList<RecordError> Errors);
