namespace AiAssignments.Onnx.Inspection;

/// <summary>Reads the declaration of an input or output (ValueInfoProto).</summary>
internal static class ValueScan
{
    private const int MostDimensions = 64;

    public static OnnxValue Read(WireReader reader, int wire, long end)
    {
        var name = string.Empty;
        var type = TensorProto.Types.DataType.Undefined;
        List<OnnxDimension>? shape = null;
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    name = reader.Text(inner, stop, WireReader.LongestName);
                    break;
                case 2:
                    ReadType(reader, reader.Enter(inner, stop), ref type, ref shape);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        return new(name, type, shape);
    }

    private static void ReadType(WireReader reader, long end, ref TensorProto.Types.DataType type, ref List<OnnxDimension>? shape)
    {
        while (reader.Tag(end, out var field, out var wire))
        {
            if (field != 1)
            {
                reader.Skip(wire, end);
                continue;
            }

            for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var inner, out var innerWire);)
            {
                switch (inner)
                {
                    case 1:
                        reader.Expect(innerWire, WireReader.VarintType, reader.Position);
                        type = (TensorProto.Types.DataType)(int)reader.Varint(stop);
                        break;
                    case 2:
                        shape ??= [];
                        ReadShape(reader, reader.Enter(innerWire, stop), shape);
                        break;
                    default:
                        reader.Skip(innerWire, stop);
                        break;
                }
            }
        }
    }

    private static void ReadShape(WireReader reader, long end, List<OnnxDimension> shape)
    {
        while (reader.Tag(end, out var field, out var wire))
        {
            if (field != 1)
            {
                reader.Skip(wire, end);
                continue;
            }

            OnnxDimension dimension = default;
            for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var inner, out var innerWire);)
            {
                if (inner == 1 && innerWire == WireReader.VarintType)
                {
                    // Exporters write -1 (and 0) for a size that is not fixed.
                    var size = (long)reader.Varint(stop);
                    dimension = size > 0 ? new(size, null) : default;
                }
                else if (inner == 2)
                {
                    dimension = new(null, reader.Text(innerWire, stop, WireReader.LongestName));
                }
                else
                {
                    reader.Skip(innerWire, stop);
                }
            }

            shape.Add(shape.Count < MostDimensions ? dimension : throw reader.Broken(reader.Position, $"a shape has more than {MostDimensions} dimensions"));
        }
    }
}
