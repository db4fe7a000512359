using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Responses;

/// <summary>
/// The classification extension: the largest values of each row as strings <c>value:index</c> or <c>value:index:label</c>, as Triton writes them
/// (floating point with six decimals). Equal values keep their order; NaN comes last.
/// </summary>
public static class Classification
{
    /// <summary>Replaces a tensor by its top labels.</summary>
    /// <param name="tensor">An output whose first dimension, when it has two or more, is the batch.</param>
    /// <param name="count">Labels wanted a row, 1 or more; a row's length bounds it.</param>
    /// <param name="labels">Label names by index; used where a row has as many values.</param>
    /// <returns><c>BYTES</c> [rows, labels], or [labels] for a tensor of one dimension.</returns>
    /// <exception cref="ProblemException"><c>tensor-unfit</c>: the type has no order that the extension knows.</exception>
    public static Tensor Apply(Tensor tensor, int count, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(labels);
        var values = Values(tensor);
        var rows = tensor.Shape.Count > 1 ? (int)tensor.Shape[0] : 1;
        var width = rows == 0 ? 0 : values.Length / rows;
        count = Math.Min(count, width);
        var strings = new List<ReadOnlyMemory<byte>>(rows * count);
        for (var row = 0; row < rows; row++)
        {
            var first = row * width;
            foreach (var index in Enumerable.Range(0, width).OrderByDescending(index => Order(values[first + index])).Take(count))
            {
                var text = tensor.Type is DataType.Float or DataType.Double
                    ? values[first + index].ToString("F6", CultureInfo.InvariantCulture)
                    : Whole(tensor, first + index);
                strings.Add(Encoding.UTF8.GetBytes(labels.Count == width
                    ? string.Create(CultureInfo.InvariantCulture, $"{text}:{index}:{labels[index]}")
                    : string.Create(CultureInfo.InvariantCulture, $"{text}:{index}")));
            }
        }

        long[] shape = tensor.Shape.Count > 1 ? [rows, count] : [count];
        return new Tensor(tensor.Name, DataType.String, shape, BytesTensor.Join(strings));
    }

    private static double Order(double value) => double.IsNaN(value) ? double.NegativeInfinity : value;

    // Order only: the text of a 64-bit integer is taken from its own bits.
    private static double[] Values(Tensor tensor)
    {
        var data = tensor.Data.Span;
        return tensor.Type switch
        {
            DataType.Float => Convert<float>(data),
            DataType.Double => Convert<double>(data),
            DataType.Uint8 => Convert<byte>(data),
            DataType.Int8 => Convert<sbyte>(data),
            DataType.Uint16 => Convert<ushort>(data),
            DataType.Int16 => Convert<short>(data),
            DataType.Uint32 => Convert<uint>(data),
            DataType.Int32 => Convert<int>(data),
            DataType.Uint64 => Convert<ulong>(data),
            DataType.Int64 => Convert<long>(data),
            _ => throw new ProblemException("tensor-unfit", $"The output '{tensor.Name}' is {Datatypes.NameOf(tensor.Type) ?? tensor.Type.ToString()}, of which there are no classification results; leave the parameter 'classification' out."),
        };
    }

    private static double[] Convert<T>(ReadOnlySpan<byte> data)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(data);
        var converted = new double[values.Length];
        for (var i = 0; i < converted.Length; i++)
        {
            converted[i] = double.CreateTruncating(values[i]);
        }

        return converted;
    }

    private static string Whole(Tensor tensor, int index)
    {
        var size = Datatypes.SizeOf(tensor.Type);
        var bytes = tensor.Data.Span.Slice(index * size, size);
        return tensor.Type switch
        {
            DataType.Uint64 => MemoryMarshal.Read<ulong>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Int64 => MemoryMarshal.Read<long>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Uint32 => MemoryMarshal.Read<uint>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Int32 => MemoryMarshal.Read<int>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Uint16 => MemoryMarshal.Read<ushort>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Int16 => MemoryMarshal.Read<short>(bytes).ToString(CultureInfo.InvariantCulture),
            DataType.Int8 => ((sbyte)bytes[0]).ToString(CultureInfo.InvariantCulture),
            _ => bytes[0].ToString(CultureInfo.InvariantCulture),
        };
    }
}
