using System.Globalization;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>A value of a column.</summary>
/// <param name="HasValue"><c>false</c> for null.</param>
/// <param name="Binary">Bytes, for a column of byte arrays.</param>
/// <param name="Number">The number, for all others (a double by its bits).</param>
internal readonly record struct ParquetCell(bool HasValue, ReadOnlyMemory<byte> Binary, long Number)
{
    /// <summary>The value as text, culture-invariant; <c>null</c> for null, and for bytes that are not text.</summary>
    public string? ToText(ParquetType type) => !HasValue ? null : type switch
    {
        ParquetType.ByteArray => Batching.StrictText.TryDecode(Binary.Span, out var text, out _, out _) ? text : null,
        ParquetType.Boolean => Number != 0 ? "true" : "false",
        ParquetType.Float or ParquetType.Double => BitConverter.Int64BitsToDouble(Number).ToString("R", CultureInfo.InvariantCulture),
        _ => Number.ToString(CultureInfo.InvariantCulture),
    };
}
