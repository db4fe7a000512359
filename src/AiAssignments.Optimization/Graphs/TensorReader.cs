using System.Globalization;
using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using Microsoft.Win32.SafeHandles;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// Reads the values of tensors however they are stored: raw bytes, typed fields (float16 as bits in <c>int32_data</c>), or external data, of which only the
/// bytes asked for are read. Paths were checked by the inspection that comes before loading.
/// </summary>
public sealed class TensorReader : IDisposable
{
    private readonly string folder;
    private readonly Dictionary<string, SafeFileHandle> files = new(StringComparer.Ordinal);

    internal TensorReader(string folder) => this.folder = folder;

    /// <summary>Where files of external data lie.</summary>
    internal string Folder => folder;

    /// <summary>Number of elements; 1 for a scalar.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ProblemException"><c>onnx-tensor-size</c>: a negative size, or more elements than 64 bits count.</exception>
    public static long Elements(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (count, isEmpty) = (1L, tensor.Dims.Contains(0));
        foreach (var size in tensor.Dims)
        {
            count = size < 0 || (size > 0 && count > long.MaxValue / size)
                ? throw new ProblemException("onnx-tensor-size", $"Tensor '{tensor.Name}' has the impossible size {size}.")
                : size == 0 ? count : count * size;
        }

        return isEmpty ? 0 : count;
    }

    /// <summary>Whether the values lie in another file.</summary>
    /// <param name="tensor">The tensor.</param>
    public static bool IsExternal(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.DataLocation == TensorProto.Types.DataLocation.External;
    }

    /// <summary>Whether the elements are floating-point numbers that <see cref="Floats"/> reads.</summary>
    /// <param name="tensor">The tensor.</param>
    public static bool IsFloating(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return (DataType)tensor.DataType is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;
    }

    /// <summary>Values as float32: exact for float16 and bfloat16, rounded for double.</summary>
    /// <param name="tensor">A floating-point tensor of at most 2^30 elements.</param>
    /// <returns>Row-major, a new array.</returns>
    /// <exception cref="ProblemException"><c>onnx-tensor-type</c>: not floating point; <c>onnx-tensor-size</c>: too large, or its values do not fill its shape.</exception>
    public float[] Floats(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = new float[Count(tensor)];
        switch ((DataType)tensor.DataType)
        {
            case DataType.Float when tensor.FloatData.Count > 0:
                Filled(tensor, tensor.FloatData.Count, values.Length);
                tensor.FloatData.CopyTo(values, 0);
                break;
            case DataType.Float:
                Raw<float>(tensor, values);
                break;
            case DataType.Double:
                var doubles = tensor.DoubleData.Count > 0 ? [.. tensor.DoubleData] : Raw<double>(tensor, new double[values.Length]);
                Filled(tensor, doubles.Length, values.Length);
                Array.ConvertAll(doubles, value => (float)value).CopyTo(values, 0);
                break;
            case DataType.Float16:
                var halves = Halves(tensor, values.Length);
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(halves), values);
                break;
            case DataType.Bfloat16:
                var wide = MemoryMarshal.Cast<float, uint>(values.AsSpan());
                var narrow = Halves(tensor, values.Length);
                for (var i = 0; i < narrow.Length; i++)
                {
                    wide[i] = (uint)narrow[i] << 16;
                }

                break;
            default:
                throw new ProblemException("onnx-tensor-type", $"Tensor '{tensor.Name}' has elements of type {(DataType)tensor.DataType}; a floating-point one is needed.");
        }

        return values;
    }

    /// <summary>Values of an integer tensor.</summary>
    /// <param name="tensor">A tensor of int64, int32, int16, int8, uint8, uint16 or bool with at most 2^30 elements.</param>
    /// <returns>Row-major, a new array.</returns>
    /// <exception cref="ProblemException"><c>onnx-tensor-type</c> or <c>onnx-tensor-size</c>.</exception>
    public long[] Longs(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var count = Count(tensor);
        if (tensor.Int64Data.Count > 0)
        {
            Filled(tensor, tensor.Int64Data.Count, count);
            return [.. tensor.Int64Data];
        }

        if (tensor.Int32Data.Count > 0)
        {
            Filled(tensor, tensor.Int32Data.Count, count);
            return [.. tensor.Int32Data.Select(value => (long)value)];
        }

        return (DataType)tensor.DataType switch
        {
            DataType.Int64 => Raw<long>(tensor, new long[count]),
            DataType.Int32 => Array.ConvertAll(Raw<int>(tensor, new int[count]), value => (long)value),
            DataType.Int16 => Array.ConvertAll(Raw<short>(tensor, new short[count]), value => (long)value),
            DataType.Uint16 => Array.ConvertAll(Raw<ushort>(tensor, new ushort[count]), value => (long)value),
            DataType.Int8 => Array.ConvertAll(Raw<sbyte>(tensor, new sbyte[count]), value => (long)value),
            DataType.Uint8 or DataType.Bool => Array.ConvertAll(Raw<byte>(tensor, new byte[count]), value => (long)value),
            _ => throw new ProblemException("onnx-tensor-type", $"Tensor '{tensor.Name}' has elements of type {(DataType)tensor.DataType}; an integer one is needed."),
        };
    }

    /// <summary>Bytes that the values take: as stored for raw and external data, as raw data would be for typed fields.</summary>
    /// <param name="tensor">The tensor.</param>
    public long Bytes(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (IsExternal(tensor))
        {
            var (location, _, length) = Reference(tensor);
            return length ?? RandomAccess.GetLength(File(location));
        }

        return tensor.HasRawData
            ? tensor.RawData.Length
            : (4L * tensor.FloatData.Count) + (4L * tensor.Int32Data.Count) + (8L * tensor.Int64Data.Count) + (8L * tensor.DoubleData.Count)
                + (8L * tensor.Uint64Data.Count) + tensor.StringData.Sum(text => (long)text.Length);
    }

    /// <summary>Copies raw or external bytes to a stream, piece by piece.</summary>
    /// <param name="tensor">A tensor of raw or external data.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    internal void CopyTo(TensorProto tensor, Stream target, CancellationToken cancellationToken)
    {
        if (!IsExternal(tensor))
        {
            target.Write(tensor.RawData.Span);
            return;
        }

        var (location, offset, _) = Reference(tensor);
        var buffer = new byte[1 << 20];
        for (var left = Bytes(tensor); left > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            Fill(tensor, location, offset, piece);
            target.Write(piece);
            offset += piece.Length;
            left -= piece.Length;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var file in files.Values)
        {
            file.Dispose();
        }

        files.Clear();
    }

    private ushort[] Halves(TensorProto tensor, int count)
    {
        if (tensor.Int32Data.Count == 0)
        {
            return Raw<ushort>(tensor, new ushort[count]);
        }

        Filled(tensor, tensor.Int32Data.Count, count);
        return [.. tensor.Int32Data.Select(bits => unchecked((ushort)bits))];
    }

    private T[] Raw<T>(TensorProto tensor, T[] values)
        where T : unmanaged
    {
        if (!IsExternal(tensor))
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            Filled(tensor, tensor.RawData.Length, bytes.Length);
            tensor.RawData.Span.CopyTo(bytes);
            return values;
        }

        var (location, offset, _) = Reference(tensor);
        const int Piece = 1 << 24;
        for (var at = 0; at < values.Length; at += Piece)
        {
            var part = MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, values.Length - at)));
            Fill(tensor, location, offset, part);
            offset += part.Length;
        }

        return values;
    }

    private void Fill(TensorProto tensor, string location, long offset, Span<byte> target)
    {
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(File(location), target[done..], offset + done);
            done += read > 0
                ? read
                : throw new ProblemException("onnx-external-data-short", $"Tensor '{tensor.Name}' ends in the middle of '{location}'; the download may be incomplete.");
        }
    }

    private SafeFileHandle File(string location)
    {
        if (!files.TryGetValue(location, out var file))
        {
            file = System.IO.File.OpenHandle(Path.Combine(folder, location), FileMode.Open, FileAccess.Read, FileShare.Read);
            files.Add(location, file);
        }

        return file;
    }

    private static (string Location, long Offset, long? Length) Reference(TensorProto tensor)
    {
        var (location, offset, length) = (string.Empty, 0L, (long?)null);
        foreach (var entry in tensor.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = long.Parse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "length":
                    length = long.Parse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
            }
        }

        return (location, offset, length ?? (BitsOf(tensor) is var bits and > 0 ? ((Elements(tensor) * bits) + 7) / 8 : null));
    }

    private static int BitsOf(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 64,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 16,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 8,
        DataType.Int4 or DataType.Uint4 => 4,
        _ => 0,
    };

    private static int Count(TensorProto tensor) => Elements(tensor) is var count and <= 1 << 30
        ? (int)count
        : throw new ProblemException("onnx-tensor-size", $"Tensor '{tensor.Name}' has {Elements(tensor)} elements; at most {1 << 30} are read into memory.");

    private static void Filled(TensorProto tensor, int has, int needs)
    {
        if (has != needs)
        {
            throw new ProblemException("onnx-tensor-size", $"Tensor '{tensor.Name}' holds {has} and its shape needs {needs}.");
        }
    }
}
