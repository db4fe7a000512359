using System.Buffers.Binary;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>What a Parquet file's footer says (parquet-format 2.12, parquet.thrift).</summary>
internal sealed class ParquetFooter
{
    private const int MaxFooterBytes = 32 * 1024 * 1024;

    /// <summary>All leaves, in order.</summary>
    public List<ParquetLeaf> Leaves { get; private set; } = [];

    /// <summary>All row groups, in order.</summary>
    public List<ParquetRowGroup> RowGroups { get; } = [];

    /// <summary>The <c>huggingface</c> entry of the key-value metadata.</summary>
    public string? HuggingFace { get; private set; }

    /// <summary>Rows in all.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether the source begins and ends as Parquet does; <c>null</c> when it begins so but does not end so.</summary>
    public static async ValueTask<bool?> HasMagicAsync(IDataSource source, CancellationToken cancellationToken)
    {
        if (source.Length < 4)
        {
            return false;
        }

        var head = await source.ReadRangeAsync(0, 4, cancellationToken).ConfigureAwait(false);
        var tail = await source.ReadRangeAsync(source.Length - 4, 4, cancellationToken).ConfigureAwait(false);
        if (head.AsSpan().SequenceEqual("PARE"u8) && tail.AsSpan().SequenceEqual("PARE"u8))
        {
            throw new ProblemException("parquet-encrypted", "The Parquet file is encrypted: write it without encryption.");
        }

        return !head.AsSpan().SequenceEqual("PAR1"u8) ? false
            : tail.AsSpan().SequenceEqual("PAR1"u8) && source.Length >= 12 ? true
            : null;
    }

    /// <summary>Reads and checks the footer of a file that has the magic.</summary>
    /// <exception cref="ProblemException"><c>parquet-corrupt</c>, <c>parquet-encrypted</c>, <c>parquet-too-large</c>.</exception>
    public static async ValueTask<ParquetFooter> ReadAsync(IDataSource source, CancellationToken cancellationToken)
    {
        if (await HasMagicAsync(source, cancellationToken).ConfigureAwait(false) != true)
        {
            throw ParquetProblem.Corrupt("PAR1 is missing at its beginning or its end: it is incomplete", $"byte {source.Length}");
        }

        var lengthBytes = await source.ReadRangeAsync(source.Length - 8, 4, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > source.Length - 12)
        {
            throw ParquetProblem.Corrupt($"its footer claims {length} bytes, the file has {source.Length}", $"byte {source.Length - 8}");
        }

        if (length > MaxFooterBytes)
        {
            throw ParquetProblem.TooLarge($"its footer has {length} bytes, at most {MaxFooterBytes} are read", $"byte {source.Length - 8}");
        }

        var start = source.Length - 8 - length;
        var bytes = await source.ReadRangeAsync(start, (int)length, cancellationToken).ConfigureAwait(false);
        var footer = new ParquetFooter();
        footer.Parse(bytes, start);
        return footer;
    }

    private void Parse(byte[] bytes, long dataEnd)
    {
        var reader = new CompactReader(bytes);
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (field, type)
            {
                case (2, 9):
                    Leaves = SchemaReader.Read(ref reader);
                    break;
                case (3, 6):
                    Rows = reader.Integer();
                    break;
                case (4, 9):
                    ReadRowGroups(ref reader, dataEnd);
                    break;
                case (5, 9):
                    ReadKeyValues(ref reader);
                    break;
                case (8, _):
                    throw new ProblemException("parquet-encrypted", "The Parquet file is encrypted: write it without encryption.");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (Rows < 0 || RowGroups.Sum(group => (decimal)group.Rows) != Rows)
        {
            throw ParquetProblem.Corrupt($"it claims {Rows} rows, its {RowGroups.Count} row groups do not add up to that");
        }
    }

    private void ReadRowGroups(ref CompactReader reader, long dataEnd)
    {
        var count = reader.List(out _);
        for (var i = 0; i < count; i++)
        {
            var rows = -1L;
            var chunks = new List<ParquetChunk>();
            for (var field = 0; reader.NextField(ref field, out var type);)
            {
                switch (field, type)
                {
                    case (1, 9):
                        var columns = reader.List(out _);
                        for (var column = 0; column < columns; column++)
                        {
                            chunks.Add(ReadChunk(ref reader, i, dataEnd));
                        }

                        break;
                    case (3, 6):
                        rows = reader.Integer();
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            if (rows < 0)
            {
                throw ParquetProblem.Corrupt($"row group {i} claims {rows} rows");
            }

            RowGroups.Add(new ParquetRowGroup(rows, chunks));
        }
    }

    private static ParquetChunk ReadChunk(ref CompactReader reader, int group, long dataEnd)
    {
        ParquetChunk? chunk = null;
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (field, type)
            {
                case (1, 8):
                    throw ParquetProblem.Unsupported("columns in other files", $"row group {group}");
                case (3, 12):
                    chunk = ReadMetadata(ref reader);
                    break;
                case (8 or 9, _):
                    throw new ProblemException("parquet-encrypted", "A column of the Parquet file is encrypted: write it without encryption.", $"row group {group}");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (chunk is null || chunk.Values < 0 || chunk.Start < 4 || chunk.Length < 0 || chunk.Start > dataEnd || chunk.Length > dataEnd - chunk.Start)
        {
            throw ParquetProblem.Corrupt($"a column of row group {group} lies outside the file", chunk?.Path);
        }

        return chunk;
    }

    private static ParquetChunk ReadMetadata(ref CompactReader reader)
    {
        var path = string.Empty;
        var codec = 0;
        long values = -1, length = -1, data = 0, dictionary = 0;
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (field, type)
            {
                case (3, 9):
                    var parts = new string[reader.List(out _)];
                    for (var i = 0; i < parts.Length; i++)
                    {
                        parts[i] = reader.Text();
                    }

                    path = string.Join('.', parts);
                    break;
                case (4, 5):
                    codec = reader.Integer32();
                    break;
                case (5, 6):
                    values = reader.Integer();
                    break;
                case (7, 6):
                    length = reader.Integer();
                    break;
                case (9, 6):
                    data = reader.Integer();
                    break;
                case (11, 6):
                    dictionary = reader.Integer();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        // Some writers give 0 for "no dictionary", some give an offset behind the data; only one before it can be meant.
        return new ParquetChunk(path, codec, values, dictionary > 0 && dictionary < data ? dictionary : data, length);
    }

    private void ReadKeyValues(ref CompactReader reader)
    {
        var count = reader.List(out _);
        for (var i = 0; i < count; i++)
        {
            var key = string.Empty;
            string? value = null;
            for (var field = 0; reader.NextField(ref field, out var type);)
            {
                if (type == 8 && field == 1)
                {
                    key = reader.Text();
                }
                else if (type == 8 && field == 2 && key == "huggingface")
                {
                    value = reader.Text();
                }
                else
                {
                    reader.Skip(type);
                }
            }

            HuggingFace ??= value;
        }
    }
}
