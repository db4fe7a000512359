using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Reads protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) forward, jumping over what is not wanted.</summary>
internal sealed class WireReader(Stream stream, string path)
{
    /// <summary>Wire types.</summary>
    public const int VarintType = 0, Fixed64Type = 1, BytesType = 2, Fixed32Type = 5;

    /// <summary>Most bytes of an operator's type or domain, of a value's name, and of any other text.</summary>
    public const int LongestOperator = 256, LongestName = 1 << 10, LongestText = 1 << 16;

    private readonly byte[] buffer = new byte[1 << 16];
    private long bufferStart;
    private int at;
    private int filled;

    public long Length { get; } = stream.Length;

    public long Position => bufferStart + at;

    /// <summary>Reads the next field's number and wire type, or says that the message ends here.</summary>
    public bool Tag(long end, out int field, out int wire)
    {
        field = 0;
        wire = 0;
        if (Position >= end)
        {
            return false;
        }

        var start = Position;
        var tag = Varint(end);
        wire = (int)(tag & 7);
        if (tag >> 3 is 0 or > 536_870_911 || wire is not (VarintType or Fixed64Type or BytesType or Fixed32Type))
        {
            throw Broken(start, "there is no field of the ONNX format here");
        }

        field = (int)(tag >> 3);
        return true;
    }

    public ulong Varint(long end)
    {
        ulong value = 0;
        var start = Position;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Position >= end)
            {
                throw Broken(start, "the file ends inside a number");
            }

            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken(start, "a number is longer than ten bytes");
    }

    /// <summary>Reads a number of a fixed width, little-endian.</summary>
    public ulong Fixed(int bytes, long end)
    {
        if (bytes > end - Position)
        {
            throw Broken(Position, "the file ends inside a number");
        }

        ulong value = 0;
        for (var i = 0; i < bytes; i++)
        {
            value |= (ulong)Byte() << (8 * i);
        }

        return value;
    }

    /// <summary>Reads a length and returns the position where its content ends.</summary>
    public long Enter(int wire, long end)
    {
        var start = Position;
        Expect(wire, BytesType, start);
        var length = Varint(end);
        if (length > (ulong)(end - Position))
        {
            throw Broken(start, $"{length} bytes are announced and {end - Position} are left; it looks cut off");
        }

        return Position + (long)length;
    }

    public void Expect(int wire, int wanted, long position)
    {
        if (wire != wanted)
        {
            throw Broken(position, "a field has the wrong wire type");
        }
    }

    public string Text(int wire, long end, int longest = LongestText)
    {
        var stop = Enter(wire, end);
        var length = stop - Position;
        if (length > longest)
        {
            throw Broken(Position, $"a name is {length} bytes long (at most {longest} are read)");
        }

        var bytes = new byte[length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Byte();
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public void Skip(int wire, long end)
    {
        switch (wire)
        {
            case VarintType:
                Varint(end);
                break;
            case Fixed64Type:
                JumpTo(Position + 8, end);
                break;
            case Fixed32Type:
                JumpTo(Position + 4, end);
                break;
            default:
                JumpTo(Enter(wire, end), end);
                break;
        }
    }

    public void JumpTo(long position, long end)
    {
        if (position > end)
        {
            throw Broken(Position, "a value goes past the end of its message; it looks cut off");
        }

        var ahead = position - bufferStart;
        if (ahead <= filled)
        {
            at = (int)ahead;
            return;
        }

        stream.Position = position;
        bufferStart = position;
        at = 0;
        filled = 0;
    }

    public ProblemException Broken(long position, string what) =>
        new("onnx-broken", $"This is not a whole ONNX file: at byte {position} {what}. Export or download the model again.", path);

    private byte Byte()
    {
        if (at == filled)
        {
            bufferStart += filled;
            at = 0;
            filled = stream.Read(buffer, 0, buffer.Length);
            if (filled == 0)
            {
                throw Broken(bufferStart, "the file ends");
            }
        }

        return buffer[at++];
    }
}
