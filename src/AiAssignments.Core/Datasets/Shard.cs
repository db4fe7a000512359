namespace AiAssignments.Core.Datasets;

/// <summary>A contiguous range of a dataset's records, found by byte offsets, that one activity scores.</summary>
/// <param name="Index">0-based ordinal of the shard.</param>
/// <param name="ByteStart">Offset of its first byte in the staged blob. For a format without a byte order of records (zip, Parquet) the format's own cursor: an entry ordinal, a row-group ordinal.</param>
/// <param name="ByteEnd">Offset one past its last byte (or the cursor's end).</param>
/// <param name="FirstRecord">Index of its first record in the dataset.</param>
/// <param name="RecordCount">Number of records, bad ones included.</param>
/// <param name="FirstLine">1-based line of <paramref name="ByteStart"/>, for line-based formats; else 0.</param>
public sealed record Shard(int Index, long ByteStart, long ByteEnd, long FirstRecord, int RecordCount, long FirstLine = 0);
