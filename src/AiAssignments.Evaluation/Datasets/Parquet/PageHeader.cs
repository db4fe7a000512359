namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>The header before each page of a column.</summary>
internal sealed record PageHeader
{
    /// <summary>0 data, 1 index, 2 dictionary, 3 data (version 2).</summary>
    public int Type { get; private set; } = -1;

    /// <summary>Bytes of the page once inflated, levels included.</summary>
    public int Size { get; private set; } = -1;

    /// <summary>Bytes of the page as stored.</summary>
    public int StoredSize { get; private set; } = -1;

    /// <summary>CRC-32 of the stored bytes, when given.</summary>
    public uint? Crc { get; private set; }

    /// <summary>Values and nulls in it.</summary>
    public int Values { get; private set; } = -1;

    /// <summary>Rows that begin in it; only version 2 says.</summary>
    public int? Rows { get; private set; }

    /// <summary>Encoding of the values, numbered as in parquet.thrift.</summary>
    public int Encoding { get; private set; } = -1;

    /// <summary>Version 2: bytes of definition levels.</summary>
    public int DefinitionBytes { get; private set; }

    /// <summary>Version 2: bytes of repetition levels.</summary>
    public int RepetitionBytes { get; private set; }

    /// <summary>Version 2: whether the values are compressed.</summary>
    public bool Compressed { get; private set; } = true;

    /// <summary>Bytes of the header itself.</summary>
    public int HeaderSize { get; private set; }

    /// <summary>Whether it is a data page of version 2.</summary>
    public bool IsVersion2 => Type == 3;

    /// <summary>Whether it holds rows.</summary>
    public bool IsData => Type is 0 or 3;

    /// <summary>Reads a header from the first of <paramref name="bytes"/>.</summary>
    public static PageHeader Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new CompactReader(bytes);
        var header = new PageHeader();
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (field, type)
            {
                case (1, 5):
                    header.Type = reader.Integer32();
                    break;
                case (2, 5):
                    header.Size = reader.Integer32();
                    break;
                case (3, 5):
                    header.StoredSize = reader.Integer32();
                    break;
                case (4, 5):
                    header.Crc = (uint)reader.Integer32();
                    break;
                case (5 or 7, 12):
                    header.ReadKind(ref reader, version2: false);
                    break;
                case (8, 12):
                    header.ReadKind(ref reader, version2: true);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        header.HeaderSize = reader.Position;
        return header;
    }

    // Data pages (1 values, 2 encoding), dictionaries (the same two) and version 2 (1 values, 3 rows, 4 encoding, 5 and 6 level sizes).
    private void ReadKind(ref CompactReader reader, bool version2)
    {
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (version2, field, type)
            {
                case (_, 1, 5):
                    Values = reader.Integer32();
                    break;
                case (true, 3, 5):
                    Rows = reader.Integer32();
                    break;
                case (false, 2, 5) or (true, 4, 5):
                    Encoding = reader.Integer32();
                    break;
                case (true, 5, 5):
                    DefinitionBytes = reader.Integer32();
                    break;
                case (true, 6, 5):
                    RepetitionBytes = reader.Integer32();
                    break;
                case (true, 7, 1 or 2):
                    Compressed = type == 1;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}
