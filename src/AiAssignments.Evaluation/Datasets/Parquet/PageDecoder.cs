using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Decodes pages of one column.</summary>
/// <param name="leaf">The column.</param>
/// <param name="codec">Its compression.</param>
/// <param name="where">For messages: column and row group.</param>
internal sealed class PageDecoder(ParquetLeaf leaf, int codec, string where)
{
    private const long MaxFrontCodedBytes = 64L * 1024 * 1024;

    private PageValues? dictionary;

    /// <summary>Takes the dictionary page.</summary>
    public void SetDictionary(PageHeader header, byte[] stored) => Guard(() =>
    {
        var data = PageCodec.Inflate(codec, stored, header.Size);
        dictionary = Plain(data, header.Values);
        return 0;
    });

    /// <summary>Decodes a data page of either version.</summary>
    public DecodedPage Decode(PageHeader header, byte[] stored) => Guard(() => header.IsVersion2 ? Version2(header, stored) : Version1(header, stored));

    private DecodedPage Version1(PageHeader header, byte[] stored)
    {
        ReadOnlyMemory<byte> data = PageCodec.Inflate(codec, stored, header.Size);
        var repetitions = leaf.MaxRepetition > 0 ? Prefixed(ref data, leaf.MaxRepetition, header.Values) : null;
        var definitions = leaf.MaxDefinition > 0 ? Prefixed(ref data, leaf.MaxDefinition, header.Values) : null;
        return Finish(header, () => data, definitions, repetitions);
    }

    private DecodedPage Version2(PageHeader header, byte[] stored)
    {
        var levels = (long)header.RepetitionBytes + header.DefinitionBytes;
        if (header.RepetitionBytes < 0 || header.DefinitionBytes < 0 || levels > stored.Length || levels > header.Size)
        {
            throw ParquetProblem.Corrupt("a page whose levels are longer than itself");
        }

        var repetitions = leaf.MaxRepetition > 0 ? Levels(stored.AsSpan(0, header.RepetitionBytes), leaf.MaxRepetition, header.Values) : null;
        var definitions = leaf.MaxDefinition > 0
            ? Levels(stored.AsSpan(header.RepetitionBytes, header.DefinitionBytes), leaf.MaxDefinition, header.Values)
            : null;
        return Finish(
            header, () => PageCodec.Inflate(header.Compressed ? codec : 0, stored.AsMemory((int)levels), header.Size - (int)levels), definitions, repetitions);
    }

    private DecodedPage Finish(PageHeader header, Func<ReadOnlyMemory<byte>> inflate, int[]? definitions, int[]? repetitions)
    {
        var present = definitions is null ? header.Values : definitions.AsSpan().Count(leaf.MaxDefinition);
        return new DecodedPage(header.Values, definitions, repetitions, () => Guard(() => Values(header.Encoding, inflate(), present)));
    }

    private ValueReader Values(int encoding, ReadOnlyMemory<byte> data, int count)
    {
        switch (encoding)
        {
            case 0 when leaf.IsBinary:
                CheckCount(data, count);
                return ValueReader.Of(data, where);
            case 0:
                return ValueReader.Of(Plain(data, count));
            case 2 or 8:
                var indices = new int[count];
                if (count > 0)
                {
                    HybridDecoder.Decode(data.Span[1..], data.Span[0], indices);
                }

                return ValueReader.Of(dictionary ?? throw ParquetProblem.Corrupt("a page needs a dictionary that is not there"), indices);
            case 3 when leaf.Type == ParquetType.Boolean:
                var flags = new int[count];
                HybridDecoder.Decode(data.Span[4..], 1, flags);
                return ValueReader.Of(new PageValues(null, Array.ConvertAll(flags, flag => (long)flag)));
            case 5 when leaf.Type is ParquetType.Int32 or ParquetType.Int64:
                var numbers = DeltaDecoder.Integers(data.Span, count, out _);
                return ValueReader.Of(new PageValues(null, leaf.Type == ParquetType.Int64 ? numbers : Array.ConvertAll(numbers, number => (long)(int)number)));
            case 6 when leaf.IsBinary:
                return ValueReader.Of(new PageValues(DeltaDecoder.ByteArrays(data, count, out _), null));
            case 7 when leaf.IsBinary:
                return ValueReader.Of(new PageValues(DeltaDecoder.FrontCoded(data, count, MaxFrontCodedBytes), null));
            default:
                throw ParquetProblem.Unsupported($"encoding {encoding} for {leaf.Type}", where);
        }
    }

    // The least that a value takes, so that a claimed count cannot make a large array of nothing.
    private void CheckCount(ReadOnlyMemory<byte> data, int count)
    {
        var bits = leaf.Type switch { ParquetType.Boolean => 1, ParquetType.Int32 or ParquetType.Float or ParquetType.ByteArray => 32, _ => 64 };
        if ((long)count * bits > data.Length * 8L)
        {
            throw ParquetProblem.Corrupt($"a page of {data.Length} bytes claims {count} values");
        }
    }

    private PageValues Plain(ReadOnlyMemory<byte> data, int count)
    {
        CheckCount(data, count);
        if (leaf.IsBinary)
        {
            return new PageValues(PlainBinary(data, count), null);
        }

        var numbers = new long[count];
        var span = data.Span;
        for (var i = 0; i < count; i++)
        {
            numbers[i] = leaf.Type switch
            {
                ParquetType.Boolean => (span[i >> 3] >> (i & 7)) & 1,
                ParquetType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(span[(4 * i)..]),
                ParquetType.Int64 or ParquetType.Double => BinaryPrimitives.ReadInt64LittleEndian(span[(8 * i)..]),
                ParquetType.Float => BitConverter.DoubleToInt64Bits(BinaryPrimitives.ReadSingleLittleEndian(span[(4 * i)..])),
                _ => throw ParquetProblem.Unsupported($"values of type {leaf.Type}", where),
            };
        }

        return new PageValues(null, numbers);
    }

    private static ReadOnlyMemory<byte>[] PlainBinary(ReadOnlyMemory<byte> data, int count)
    {
        var values = new ReadOnlyMemory<byte>[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.Span[at..]);
            values[i] = data.Slice(at + 4, length);
            at += 4 + length;
        }

        return values;
    }

    private static int[] Prefixed(ref ReadOnlyMemory<byte> data, int max, int count)
    {
        var length = MemoryMarshal.Read<int>(data.Span);
        var levels = Levels(data.Span.Slice(4, length), max, count);
        data = data[(4 + length)..];
        return levels;
    }

    private static int[] Levels(ReadOnlySpan<byte> data, int max, int count)
    {
        var levels = new int[count];
        HybridDecoder.Decode(data, HybridDecoder.BitsFor(max), levels);
        return levels.AsSpan().IndexOfAnyExceptInRange(0, max) < 0 ? levels : throw ParquetProblem.Corrupt("a level that its schema does not have");
    }

    // Spans check every index: what they throw on hostile bytes means one thing here.
    private T Guard<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidDataException)
        {
            throw ParquetProblem.Corrupt("the content of a page contradicts its header", where);
        }
    }
}
