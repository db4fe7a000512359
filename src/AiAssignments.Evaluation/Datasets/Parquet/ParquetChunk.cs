namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Where a column lies in a row group.</summary>
/// <param name="Path">Path of the leaf.</param>
/// <param name="Codec">Compression, numbered as in parquet.thrift.</param>
/// <param name="Values">Values and nulls in it.</param>
/// <param name="Start">Offset of its first page.</param>
/// <param name="Length">Bytes of all its pages, as stored.</param>
internal sealed record ParquetChunk(string Path, int Codec, long Values, long Start, long Length);

/// <summary>A row group.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Chunks">Its columns.</param>
internal sealed record ParquetRowGroup(long Rows, IReadOnlyList<ParquetChunk> Chunks);
