using System.Text;
using AiAssignments.Evaluation.Datasets.Parquet;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Tests.Datasets.Archives;

namespace AiAssignments.Tests.Datasets.Parquet;

/// <summary>
/// Makes the pages of one column of lists by hand (parquet.thrift and Encodings.md of parquet-format), cut where a test wants them, which
/// no writer's library lets one choose. An optional list of optional strings: definition 0 is no list, 1 an empty one, 3 an item.
/// </summary>
internal sealed class ListColumnMaker
{
    private static readonly ParquetLeaf Leaf = new(["tokens", "list", "element"], ParquetType.ByteArray, 3, 1, 2);

    private readonly List<byte> bytes = [];
    private long values;

    public int Size => bytes.Count;

    /// <summary>A dictionary page.</summary>
    public ListColumnMaker Dictionary(params string[] words)
    {
        var data = Plain(words);
        Header(2, data.Length, 7, Struct((1, words.Length), (2, 0)));
        bytes.AddRange(data);
        return this;
    }

    /// <summary>A data page of one run of the dictionary's first word; its first entry begins a list when <paramref name="begins"/>.</summary>
    public ListColumnMaker Repeated(int count, bool begins)
    {
        byte[] repetitions = begins ? [.. Run(1, 0), .. Run(count - 1, 1)] : Run(count, 1);
        byte[] data = [.. Prefixed(repetitions), .. Prefixed(Run(count, 3)), 1, .. Run(count, 0)];
        return Page1(count, 8, data);
    }

    /// <summary>A data page of entries, each a repetition level and a word (<c>null</c>: an empty list), of version 1 or 2.</summary>
    public ListColumnMaker Page(IReadOnlyList<(int Repetition, string? Word)> entries, bool version2)
    {
        var repetitions = entries.SelectMany(entry => Run(1, entry.Repetition)).ToArray();
        var definitions = entries.SelectMany(entry => Run(1, entry.Word is null ? 1 : 3)).ToArray();
        var words = Plain(entries.Select(entry => entry.Word).OfType<string>());
        if (!version2)
        {
            return Page1(entries.Count, 0, [.. Prefixed(repetitions), .. Prefixed(definitions), .. words]);
        }

        byte[] data = [.. repetitions, .. definitions, .. words];
        var rows = entries.Count(entry => entry.Repetition == 0);
        Header(3, data.Length, 8, Struct((1, entries.Count), (2, 0), (3, rows), (4, 0), (5, definitions.Length), (6, repetitions.Length)));
        bytes.AddRange(data);
        values += entries.Count;
        return this;
    }

    /// <summary>A cursor before the first row.</summary>
    public ColumnCursor Open()
    {
        // A column is never the last thing in a file: the footer's length and magic are.
        byte[] file = [.. bytes, .. new byte[8]];
        return new ColumnCursor(Leaf, new ParquetChunk(Leaf.Name, 0, values, 0, bytes.Count), 0, new SeekableSourceStream(new ByteSource(file)));
    }

    private ListColumnMaker Page1(int count, int encoding, byte[] data)
    {
        Header(0, data.Length, 5, Struct((1, count), (2, encoding), (3, 3), (4, 3)));
        bytes.AddRange(data);
        values += count;
        return this;
    }

    private void Header(int type, int size, int kind, byte[] content) =>
        bytes.AddRange([0x15, .. VarInt(2 * type), 0x15, .. VarInt(2 * size), 0x15, .. VarInt(2 * size), (byte)(((kind - 3) << 4) | 0x0C), .. content, 0]);

    // The compact protocol: fields in rising order, each by its distance to the one before and its type (5 is i32, zigzag).
    private static byte[] Struct(params (int Field, int Value)[] fields)
    {
        var content = new List<byte>();
        var last = 0;
        foreach (var (field, value) in fields)
        {
            content.Add((byte)(((field - last) << 4) | 5));
            content.AddRange(VarInt(2 * value));
            last = field;
        }

        return [.. content, 0];
    }

    private static byte[] Run(int count, int value) => count == 0 ? [] : [.. VarInt(2 * count), (byte)value];

    private static byte[] Prefixed(byte[] levels) => [.. BitConverter.GetBytes(levels.Length), .. levels];

    private static byte[] Plain(IEnumerable<string> words) =>
        [.. words.SelectMany(word => (byte[])[.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(word)), .. Encoding.UTF8.GetBytes(word)])];

    private static byte[] VarInt(int value)
    {
        var content = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            content.Add((byte)(value | 0x80));
        }

        return [.. content, (byte)value];
    }
}
