using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Pruning;

/// <summary>
/// The elements of a tensor as little-endian bytes, wherever they are stored, so that what stays keeps every bit. Written back, they are raw data: external data
/// is no longer referred to.
/// </summary>
internal sealed class ElementBytes
{
    private ElementBytes(byte[] bytes, int size) => (Bytes, Size) = (bytes, size);

    /// <summary>All elements, row-major.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes of one element.</summary>
    public int Size { get; }

    /// <summary>Whether <see cref="Read"/> knows the element type.</summary>
    public static bool CanRead(TensorProto tensor) => SizeOf(tensor) > 0;

    /// <summary>Reads a tensor of numbers or truth values of whole bytes.</summary>
    /// <exception cref="ProblemException"><c>onnx-tensor-size</c>: its values do not fill its shape.</exception>
    public static ElementBytes Read(OnnxModel model, TensorProto tensor)
    {
        var size = SizeOf(tensor);
        byte[] bytes;
        if (TensorReader.IsExternal(tensor) || tensor.HasRawData)
        {
            using var stream = new MemoryStream((int)Math.Min(model.Tensors.Bytes(tensor), Array.MaxLength));
            model.Tensors.CopyTo(tensor, stream, CancellationToken.None);
            bytes = stream.Length == stream.Capacity ? stream.GetBuffer() : stream.ToArray();
        }
        else
        {
            bytes = Typed(tensor, size);
        }

        return bytes.LongLength == TensorReader.Elements(tensor) * size
            ? new(bytes, size)
            : throw new ProblemException("onnx-tensor-size", $"Tensor '{tensor.Name}' holds {bytes.LongLength} bytes and its shape needs {TensorReader.Elements(tensor) * size}.");
    }

    /// <summary>Whether all numbers of a floating-point tensor are finite.</summary>
    public static bool IsFinite(OnnxModel model, TensorProto tensor) => System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(model.Tensors.Floats(tensor));

    /// <summary>Makes one element zero.</summary>
    public void Clear(long element) => Bytes.AsSpan((int)(element * Size), Size).Clear();

    /// <summary>The elements at some places of one axis.</summary>
    /// <param name="dims">Sizes before.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="kept">Places kept, in order.</param>
    public ElementBytes Take(IReadOnlyList<long> dims, int axis, IReadOnlyList<int> kept)
    {
        var (before, each) = (1L, (long)Size);
        for (var at = 0; at < dims.Count; at++)
        {
            (before, each) = (at < axis ? before * dims[at] : before, at > axis ? each * dims[at] : each);
        }

        var taken = new byte[before * kept.Count * each];
        var from = Bytes.AsSpan();
        var to = taken.AsSpan();
        for (var row = 0L; row < before; row++)
        {
            for (var at = 0; at < kept.Count; at++)
            {
                from.Slice((int)(((row * dims[axis]) + kept[at]) * each), (int)each).CopyTo(to[(int)(((row * kept.Count) + at) * each)..]);
            }
        }

        return new(taken, Size);
    }

    /// <summary>A matrix with rows for columns.</summary>
    public ElementBytes Turned(int rows, int columns)
    {
        var turned = new byte[Bytes.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                Bytes.AsSpan(((row * columns) + column) * Size, Size).CopyTo(turned.AsSpan(((column * rows) + row) * Size));
            }
        }

        return new(turned, Size);
    }

    /// <summary>Makes these the values of a tensor, which keeps its name and type.</summary>
    public void Write(TensorProto tensor, IEnumerable<long> dims)
    {
        long[] sizes = [.. dims];
        tensor.FloatData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.DoubleData.Clear();
        tensor.Uint64Data.Clear();
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(Bytes);
        tensor.Dims.Clear();
        tensor.Dims.Add(sizes);
    }

    private static int SizeOf(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        _ => 0,
    };

    private static byte[] Typed(TensorProto tensor, int size) => (DataType)tensor.DataType switch
    {
        DataType.Float => MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()).ToArray(),
        DataType.Double => MemoryMarshal.AsBytes<double>(tensor.DoubleData.ToArray()).ToArray(),
        DataType.Int64 => MemoryMarshal.AsBytes<long>(tensor.Int64Data.ToArray()).ToArray(),
        DataType.Uint64 or DataType.Uint32 => [.. tensor.Uint64Data.SelectMany(value => BitConverter.GetBytes(value).Take(size))],
        _ => [.. tensor.Int32Data.SelectMany(value => BitConverter.GetBytes(value).Take(size))],
    };
}
