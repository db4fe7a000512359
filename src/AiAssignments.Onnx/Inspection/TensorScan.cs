using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Reads a tensor's declaration, jumps over its values, and holds the one against the other.</summary>
internal sealed class TensorScan(WireReader reader, ExternalData external, string path)
{
    private const int MostDimensions = 64;
    private const int MostEntries = 16;

    /// <summary>What was declared.</summary>
    public readonly record struct Declared(string Name, int Type, long Elements, double[]? Values)
    {
        /// <summary>As a constant of the graph.</summary>
        public Constant Constant => new(Elements, Values);
    }

    public Declared Read(long end)
    {
        var name = string.Empty;
        var type = 0;
        var dims = new List<long>();
        long? raw = null;
        var listed = 0L;
        var values = new SmallValues(reader);
        var isExternal = false;
        List<KeyValuePair<string, string>>? entries = null;
        while (reader.Tag(end, out var field, out var wire))
        {
            switch (field)
            {
                case 1:
                    ReadDimensions(wire, end, dims);
                    break;
                case 2:
                    reader.Expect(wire, WireReader.VarintType, reader.Position);
                    type = (int)reader.Varint(end);
                    break;
                case 4 or 5 or 7 or 10 or 11:
                    listed += values.Read(FormOf(field), wire, end);
                    break;
                case 6:
                    reader.Skip(wire, end);
                    listed++;
                    break;
                case 8:
                    name = reader.Text(wire, end, WireReader.LongestName);
                    break;
                case 9:
                    raw = values.ReadRaw(wire, end);
                    break;
                case 13:
                    entries ??= [];
                    entries.Add(entries.Count < MostEntries ? ReadEntry(wire, end) : throw reader.Broken(reader.Position, $"a tensor has more than {MostEntries} entries of external data"));
                    break;
                case 14:
                    reader.Expect(wire, WireReader.VarintType, reader.Position);
                    isExternal = reader.Varint(end) == 1;
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        var bits = ElementTypes.Bits(type);
        if (bits < 0)
        {
            throw new ProblemException("onnx-tensor-type", $"Tensor '{name}' has element type {type}, which the ONNX format does not know.", path);
        }

        var elements = Elements(dims, name);
        if (isExternal)
        {
            external.Check(name, Bytes(elements, bits, name, dims), entries ?? []);
        }
        else if (raw is { } held && type != ElementTypes.String)
        {
            if (Bytes(elements, bits, name, dims) is var needed && needed != held)
            {
                throw Size(name, dims, $"needs {needed} bytes, and the file holds {held} for it");
            }
        }
        else if (elements > Capacity(listed, bits))
        {
            throw Size(name, dims, $"has {elements} values, and the file holds at most {Capacity(listed, bits)} for it");
        }

        return new(name, type, elements, isExternal ? null : values.Numbers(type, elements));
    }

    public long Elements(List<long> dims, string name)
    {
        var elements = 1L;
        foreach (var size in dims)
        {
            if (size < 0 || (size > 0 && elements > long.MaxValue / size))
            {
                throw Size(name, dims, size < 0 ? "has a negative size" : "has more values than can be counted");
            }

            elements *= size;
        }

        return elements;
    }

    public void ReadDimensions(int wire, long end, List<long> dims)
    {
        if (wire == WireReader.VarintType)
        {
            dims.Add((long)reader.Varint(end));
        }
        else
        {
            for (var stop = reader.Enter(wire, end); reader.Position < stop && dims.Count <= MostDimensions;)
            {
                dims.Add((long)reader.Varint(stop));
            }
        }

        if (dims.Count > MostDimensions)
        {
            throw reader.Broken(reader.Position, $"a tensor has more than {MostDimensions} dimensions");
        }
    }

    // Lists of variable-length integers are bounded from above by their bytes: enough to refuse what cannot be there.
    private static SmallValues.Form FormOf(int field) => field switch { 4 => SmallValues.Form.Float, 10 => SmallValues.Form.Double, _ => SmallValues.Form.Integer };

    private KeyValuePair<string, string> ReadEntry(int wire, long end)
    {
        var (key, value) = (string.Empty, string.Empty);
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    key = reader.Text(inner, stop);
                    break;
                case 2:
                    value = reader.Text(inner, stop);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        return new(key, value);
    }

    private static long Capacity(long listed, int bits) => bits is > 0 and < 8 ? listed * (8 / bits) : listed;

    private long Bytes(long elements, int bits, string name, List<long> dims)
    {
        if (bits == 0)
        {
            throw Size(name, dims, "holds strings, which cannot be external");
        }

        return elements <= (long.MaxValue - 7) / bits
            ? ((elements * bits) + 7) / 8
            : throw Size(name, dims, "has more bytes than can be counted");
    }

    private ProblemException Size(string name, List<long> dims, string what) =>
        new("onnx-tensor-size", $"Tensor '{name}' of shape [{string.Join(", ", dims.Select(size => size.ToString(CultureInfo.InvariantCulture)))}] {what}.", path);
}
