namespace AiAssignments.Core.Datasets;

/// <summary>Where a record stands in its dataset.</summary>
/// <param name="Index">0-based ordinal among all records of the dataset, bad ones included.</param>
/// <param name="ByteOffset">0-based offset of its first byte in the staged (uncompressed) blob.</param>
/// <param name="Line">1-based line of its first byte, for line-based formats.</param>
/// <param name="Entry">Name of the archive entry, for archives.</param>
public readonly record struct RecordPosition(long Index, long ByteOffset, long? Line = null, string? Entry = null)
{
    /// <summary>For a person: <c>line 12</c>, <c>byte 3073</c> or <c>entry a/b.png</c>.</summary>
    public override string ToString() =>
        Entry is not null ? $"record {Index} (entry {Entry})"
        : Line is not null ? $"record {Index} (line {Line}, byte {ByteOffset})"
        : $"record {Index} (byte {ByteOffset})";
}
