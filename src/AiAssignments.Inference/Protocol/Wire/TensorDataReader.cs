using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>
/// Reads a tensor's <c>data</c> array, flat or nested as its shape is, straight into the bytes that ONNX Runtime takes.
/// The shape is known before, so nothing is collected and nothing grows.
/// </summary>
internal ref struct TensorDataReader
{
    private readonly DataType type;
    private readonly int size;
    private readonly IReadOnlyList<long> shape;
    private readonly long elements;
    private readonly string where;
    private readonly byte[] bytes;
    private readonly List<ReadOnlyMemory<byte>>? strings;
    private long index;

    private TensorDataReader(DataType type, IReadOnlyList<long> shape, long elements, string where)
    {
        this.type = type;
        this.shape = shape;
        this.elements = elements;
        this.where = where;
        size = Datatypes.SizeOf(type);
        strings = type == DataType.String ? new((int)elements) : null;
        bytes = new byte[elements * size];
    }

    /// <summary>Reads the array that the reader stands on.</summary>
    /// <param name="reader">Stands on the value of <c>data</c>; afterwards on its end.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="elements">Its number of elements.</param>
    /// <param name="left">Bytes of JSON from here on: an element takes one at least, and a comma.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="where">Named in problems.</param>
    /// <returns>The elements' bytes; <c>BYTES</c> as <see cref="BytesTensor"/> has them.</returns>
    public static byte[] Read(
        ref Utf8JsonReader reader, DataType type, IReadOnlyList<long> shape, long elements, long left, ProtocolLimits limits, string where)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartArray, "An array of the tensor's elements", where);
        if (elements * 2 > left + 1)
        {
            throw JsonParts.Invalid($"The shape [{string.Join(", ", shape)}] has {elements} elements, more than the rest of the message can hold", ref reader, where);
        }

        if (type == DataType.String && elements > limits.Strings)
        {
            throw JsonParts.Invalid($"The shape has {elements} BYTES elements; at most {limits.Strings} are taken", ref reader, where);
        }

        var data = new TensorDataReader(type, shape, elements, where);
        data.ReadArrays(ref reader);
        return data.strings is { } strings ? BytesTensor.Join(strings) : data.bytes;
    }

    private void ReadArrays(ref Utf8JsonReader reader)
    {
        Span<long> counts = stackalloc long[shape.Count + 2];
        counts.Clear();
        bool? nested = null;
        var depth = 1;
        while (depth > 0)
        {
            JsonParts.Next(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    nested ??= true;
                    if (nested == false || depth >= shape.Count)
                    {
                        throw JsonParts.Invalid($"An array lies where an element of the shape [{string.Join(", ", shape)}] is needed", ref reader, where);
                    }

                    counts[depth]++;
                    counts[++depth] = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (nested == true && counts[depth] != shape[depth - 1])
                    {
                        throw JsonParts.Invalid($"An array of dimension {depth - 1} has {counts[depth]} elements; the shape [{string.Join(", ", shape)}] needs {shape[depth - 1]}", ref reader, where);
                    }

                    depth--;
                    break;
                default:
                    nested ??= false;
                    if (nested == true && depth != shape.Count)
                    {
                        throw JsonParts.Invalid($"An element lies {depth} arrays deep; the shape [{string.Join(", ", shape)}] needs {shape.Count}", ref reader, where);
                    }

                    if (index == elements)
                    {
                        throw JsonParts.Invalid($"There are more elements than the {elements} of the shape [{string.Join(", ", shape)}]", ref reader, where);
                    }

                    counts[depth]++;
                    ReadElement(ref reader);
                    index++;
                    break;
            }
        }

        if (index != elements)
        {
            throw JsonParts.Invalid($"There are {index} elements; the shape [{string.Join(", ", shape)}] needs {elements}", ref reader, where);
        }
    }

    private readonly void ReadElement(ref Utf8JsonReader reader)
    {
        if (strings is not null)
        {
            strings.Add(Bytes(ref reader));
            return;
        }

        if (type == DataType.Bool)
        {
            bytes[index] = reader.TokenType switch
            {
                JsonTokenType.True => 1,
                JsonTokenType.False => 0,
                _ => throw JsonParts.Invalid("A BOOL element must be true or false", ref reader, where),
            };
            return;
        }

        if (reader.TokenType != JsonTokenType.Number || !TryReadNumber(ref reader, bytes.AsSpan((int)index * size, size)))
        {
            var found = reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length <= 40 ? System.Text.Encoding.ASCII.GetString(reader.ValueSpan) : "what was found";
            throw JsonParts.Invalid(string.Create(CultureInfo.InvariantCulture, $"Element {index} must be a number that {Datatypes.NameOf(type)} can hold, and {found} is not"), ref reader, where);
        }
    }

    private readonly bool TryReadNumber(ref Utf8JsonReader reader, Span<byte> target)
    {
        switch (type)
        {
            case DataType.Float:
                var isSingle = reader.TryGetSingle(out var single) && float.IsFinite(single);
                BinaryPrimitives.WriteSingleLittleEndian(target, single);
                return isSingle;
            case DataType.Double:
                var isDouble = reader.TryGetDouble(out var real) && double.IsFinite(real);
                BinaryPrimitives.WriteDoubleLittleEndian(target, real);
                return isDouble;
            case DataType.Float16:
                var isHalf = reader.TryGetDouble(out var wide) && Half.IsFinite((Half)wide);
                BinaryPrimitives.WriteHalfLittleEndian(target, (Half)wide);
                return isHalf;
            case DataType.Uint64:
                var isUnsigned = reader.TryGetUInt64(out var unsigned);
                BinaryPrimitives.WriteUInt64LittleEndian(target, unsigned);
                return isUnsigned;
            case DataType.Bfloat16:
                throw new ProblemException("tensor-invalid", "JSON has no BF16; send its data behind the header (binary_data_size).", where);
            default:
                return reader.TryGetInt64(out var whole) && TryWriteWhole(whole, target);
        }
    }

    private readonly bool TryWriteWhole(long whole, Span<byte> target)
    {
        switch (type)
        {
            case DataType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(target, whole);
                return true;
            case DataType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(target, (int)whole);
                return whole is >= int.MinValue and <= int.MaxValue;
            case DataType.Uint32:
                BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)whole);
                return whole is >= 0 and <= uint.MaxValue;
            case DataType.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(target, (short)whole);
                return whole is >= short.MinValue and <= short.MaxValue;
            case DataType.Uint16:
                BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)whole);
                return whole is >= 0 and <= ushort.MaxValue;
            case DataType.Int8:
                target[0] = (byte)whole;
                return whole is >= sbyte.MinValue and <= sbyte.MaxValue;
            case DataType.Uint8:
                target[0] = (byte)whole;
                return whole is >= 0 and <= byte.MaxValue;
            default:
                return false;
        }
    }

    private readonly byte[] Bytes(ref Utf8JsonReader reader)
    {
        JsonParts.Expect(ref reader, JsonTokenType.String, "A string", where);
        try
        {
            // Unescaping never makes a string longer.
            var text = new byte[reader.ValueSpan.Length];
            var length = reader.CopyString(text);
            return length == text.Length ? text : text[..length];
        }
        catch (InvalidOperationException)
        {
            throw JsonParts.Invalid("The string is no valid UTF-8; send such bytes behind the header (binary_data_size)", ref reader, where);
        }
    }
}
