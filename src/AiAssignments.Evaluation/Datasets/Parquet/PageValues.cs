namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Values without nulls, of one page or of a dictionary: either bytes, or numbers (doubles by their bits).</summary>
/// <param name="Binary">Set for byte arrays.</param>
/// <param name="Numbers">Set for everything else.</param>
internal sealed record PageValues(ReadOnlyMemory<byte>[]? Binary, long[]? Numbers)
{
    /// <summary>Number of values.</summary>
    public int Count => Binary?.Length ?? Numbers!.Length;

    /// <summary>The value at <paramref name="index"/>.</summary>
    public ParquetCell this[int index] => Binary is not null ? new ParquetCell(true, Binary[index], 0) : new ParquetCell(true, default, Numbers![index]);
}
