using System.Buffers.Binary;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Keeps the numbers of a tensor or an attribute while they are few, and jumps over them where they are many.</summary>
internal sealed class SmallValues(WireReader reader)
{
    /// <summary>How numbers are written: 32 or 64 bits of a floating-point number, or a variable-length integer.</summary>
    public enum Form
    {
        Float,
        Double,
        Integer,
    }

    private readonly List<double> listed = [];
    private byte[]? raw;
    private bool isMore;

    /// <summary>Reads one number, or several packed ones.</summary>
    /// <returns>How many there are; of variable-length integers, at most how many.</returns>
    public long Read(Form form, int wire, long end)
    {
        var width = form switch { Form.Float => 4, Form.Double => 8, _ => 1 };
        if (wire != WireReader.BytesType)
        {
            var expected = form switch { Form.Float => WireReader.Fixed32Type, Form.Double => WireReader.Fixed64Type, _ => WireReader.VarintType };
            reader.Expect(wire, expected, reader.Position);
            Keep(Number(form, end));
            return 1;
        }

        var stop = reader.Enter(wire, end);
        var bytes = stop - reader.Position;
        isMore |= bytes > Constant.MostValues * 10;
        while (!isMore && stop - reader.Position >= width)
        {
            Keep(Number(form, stop));
        }

        reader.JumpTo(stop, end);
        return bytes / width;
    }

    /// <summary>Reads raw little-endian bytes.</summary>
    /// <returns>How many.</returns>
    public long ReadRaw(int wire, long end)
    {
        var stop = reader.Enter(wire, end);
        var bytes = stop - reader.Position;
        raw = null;
        if (bytes <= Constant.MostValues * sizeof(long))
        {
            raw = new byte[bytes];
            for (var i = 0; i < raw.Length; i++)
            {
                raw[i] = (byte)reader.Fixed(1, stop);
            }
        }

        reader.JumpTo(stop, end);
        return bytes;
    }

    /// <summary>All numbers of an attribute.</summary>
    public Constant ToConstant() => isMore ? new(Constant.MostValues + 1, null) : new(listed.Count, [.. listed]);

    /// <summary>The numbers of a tensor, where its type is one that sizes have.</summary>
    public double[]? Numbers(int type, long elements)
    {
        if (elements > Constant.MostValues)
        {
            return null;
        }

        if (raw is null)
        {
            return !isMore && listed.Count >= elements && Width(type) > 0 ? [.. listed.Take((int)elements)] : null;
        }

        var width = Width(type);
        if (width == 0 || raw.Length < elements * width)
        {
            return null;
        }

        var numbers = new double[elements];
        for (var i = 0; i < numbers.Length; i++)
        {
            var bytes = raw.AsSpan(i * width, width);
            numbers[i] = type switch
            {
                (int)DataType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                (int)DataType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
                (int)DataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
                (int)DataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
                _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            };
        }

        return numbers;
    }

    private static int Width(int type) => type switch
    {
        (int)DataType.Int16 => 2,
        (int)DataType.Float or (int)DataType.Int32 => 4,
        (int)DataType.Double or (int)DataType.Int64 => 8,
        _ => 0,
    };

    private void Keep(double number)
    {
        if (listed.Count == Constant.MostValues)
        {
            isMore = true;
            return;
        }

        listed.Add(number);
    }

    private double Number(Form form, long end) => form switch
    {
        Form.Float => BitConverter.UInt32BitsToSingle((uint)reader.Fixed(4, end)),
        Form.Double => BitConverter.UInt64BitsToDouble(reader.Fixed(8, end)),
        _ => (long)reader.Varint(end),
    };
}
