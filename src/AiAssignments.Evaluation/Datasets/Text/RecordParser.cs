using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Batching;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>Turns bytes of a shard into records. Holds the place (record index, line) between windows.</summary>
internal abstract class RecordParser(Shard shard)
{
    /// <summary>A longer record is refused without being held.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    /// <summary>Records met so far, bad ones included.</summary>
    public long Count => Index - shard.FirstRecord;

    /// <summary>Index of the next record.</summary>
    protected long Index { get; set; } = shard.FirstRecord;

    /// <summary>1-based line of the next byte.</summary>
    protected long Line { get; set; } = shard.FirstLine;

    /// <summary>Parses whole records until the batch is full or the window holds no further whole record.</summary>
    /// <param name="window">Bytes at hand; the first one starts a record or stands between two.</param>
    /// <param name="offset">Offset of the window's first byte in the dataset.</param>
    /// <param name="final">The shard ends with the window.</param>
    /// <param name="batch">Takes records and errors.</param>
    /// <returns>Bytes passed.</returns>
    public abstract int Parse(ReadOnlySpan<byte> window, long offset, bool final, BatchBuilder batch);

    /// <summary>Passes bytes of a record that is too large, up to its end. The first call's first byte is the record's first.</summary>
    /// <param name="bytes">Bytes at hand.</param>
    /// <param name="first">The first call for this record.</param>
    /// <param name="done">The record has ended.</param>
    /// <returns>Bytes passed.</returns>
    public abstract int Skip(ReadOnlySpan<byte> bytes, bool first, out bool done);

    /// <summary>Reports the record at <paramref name="offset"/> as too large; <see cref="Skip"/> follows.</summary>
    /// <param name="offset">Where it starts.</param>
    /// <param name="batch">Takes the error.</param>
    public void RefuseOversized(long offset, BatchBuilder batch) => batch.Add(new RecordError(
        new RecordPosition(Index++, offset, Line),
        "record-too-large",
        $"The record is longer than {MaxRecordBytes / (1024 * 1024)} MiB, the most that is read; it was passed over."));
}
