using System.Text;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>
/// Reads Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift), in which Parquet's footer and page headers are written.
/// Every length is checked against what is left before it is used.
/// </summary>
internal ref struct CompactReader
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> data;
    private int depth;

    /// <summary>Reads from the first byte of <paramref name="data"/>.</summary>
    public CompactReader(ReadOnlySpan<byte> data) => this.data = data;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>The next field of a struct, or <c>false</c> at its end. Start with <paramref name="field"/> 0.</summary>
    /// <param name="field">Id of the field before; becomes that of this one.</param>
    /// <param name="type">1 true, 2 false, 3 byte, 4 to 6 integers, 7 double, 8 binary, 9 list, 10 set, 11 map, 12 struct.</param>
    public bool NextField(ref int field, out int type)
    {
        var head = Byte();
        type = head & 0x0F;
        if (type == 0)
        {
            return false;
        }

        field = (head >> 4) is var delta && delta != 0 ? field + delta : (int)Integer();
        return true;
    }

    /// <summary>A zigzag integer of 16, 32 or 64 bits.</summary>
    public long Integer()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A zigzag integer that must fit 32 bits.</summary>
    public int Integer32() => Integer() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw ParquetProblem.Corrupt("a number is too large");

    /// <summary>Length-prefixed bytes.</summary>
    public ReadOnlySpan<byte> Binary()
    {
        var length = Unsigned();
        if (length > (ulong)(data.Length - Position))
        {
            throw ParquetProblem.Corrupt("a string in its metadata is longer than the metadata");
        }

        var value = data.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    /// <summary>Length-prefixed UTF-8.</summary>
    public string Text() => Encoding.UTF8.GetString(Binary());

    /// <summary>The head of a list or set: its length, which cannot be more than the bytes left, as every item takes one.</summary>
    public int List(out int itemType)
    {
        var head = Byte();
        itemType = head & 0x0F;
        var length = (ulong)(head >> 4);
        length = length == 15 ? Unsigned() : length;
        return length <= (ulong)(data.Length - Position)
            ? (int)length
            : throw ParquetProblem.Corrupt("a list in its metadata is longer than the metadata");
    }

    /// <summary>Goes into a struct (or list) and guards against endless nesting; pair with <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++depth > MaxDepth)
        {
            throw ParquetProblem.Corrupt("its metadata is nested too deeply");
        }
    }

    /// <summary>Comes out of what <see cref="Enter"/> went into.</summary>
    public void Leave() => depth--;

    /// <summary>Passes over a value of a type.</summary>
    public void Skip(int type)
    {
        switch (type)
        {
            case 1 or 2:
                break;
            case 3:
                Byte();
                break;
            case 4 or 5 or 6:
                Unsigned();
                break;
            case 7:
                Take(sizeof(double));
                break;
            case 8:
                Binary();
                break;
            case 9 or 10:
                Enter();
                var items = List(out var itemType);
                for (var i = 0; i < items; i++)
                {
                    SkipItem(itemType);
                }

                Leave();
                break;
            case 11:
                SkipMap();
                break;
            case 12:
                Enter();
                for (var field = 0; NextField(ref field, out var inner);)
                {
                    Skip(inner);
                }

                Leave();
                break;
            default:
                throw ParquetProblem.Corrupt($"its metadata has a field of type {type}");
        }
    }

    // Inside lists and maps a boolean is a byte; as a field it is in the type.
    private void SkipItem(int type) => Skip(type is 1 or 2 ? 3 : type);

    private void SkipMap()
    {
        Enter();
        var pairs = Unsigned();
        if (pairs > (ulong)(data.Length - Position))
        {
            throw ParquetProblem.Corrupt("a map in its metadata is longer than the metadata");
        }

        var types = pairs == 0 ? 0 : Byte();
        for (ulong i = 0; i < pairs; i++)
        {
            SkipItem(types >> 4);
            SkipItem(types & 0x0F);
        }

        Leave();
    }

    private ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
            {
                return value;
            }
        }

        throw ParquetProblem.Corrupt("a number in its metadata has no end");
    }

    private byte Byte() => Position < data.Length ? data[Position++] : throw ParquetProblem.Corrupt("its metadata ends too early");

    private void Take(int count)
    {
        if (count > data.Length - Position)
        {
            throw ParquetProblem.Corrupt("its metadata ends too early");
        }

        Position += count;
    }
}
