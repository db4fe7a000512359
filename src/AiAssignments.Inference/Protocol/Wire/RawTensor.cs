using System.Buffers.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Tensors whose bytes came as they are.</summary>
internal static class RawTensor
{
    /// <summary>Holds the bytes against the shape.</summary>
    /// <exception cref="ProblemException"><c>tensor-invalid</c>.</exception>
    public static Tensor Check(string name, DataType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data, ProtocolLimits limits, string where)
    {
        var elements = TensorShapes.Elements(shape, limits, $"{where}.shape");
        if (type == DataType.String)
        {
            if (elements > limits.Strings)
            {
                throw new ProblemException("tensor-invalid", $"The tensor '{name}' has {elements} BYTES elements; at most {limits.Strings} are taken.", where);
            }

            _ = BytesTensor.Split(data, elements, where);
        }
        else if (elements * Datatypes.SizeOf(type) != data.Length)
        {
            throw new ProblemException(
                "tensor-invalid",
                $"The tensor '{name}' has {data.Length} bytes; {Datatypes.NameOf(type)} [{string.Join(", ", shape)}] needs {elements * Datatypes.SizeOf(type)}.",
                where);
        }
        else if (type == DataType.Bool && data.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new ProblemException("tensor-invalid", $"The tensor '{name}' has a BOOL byte that is neither 0 nor 1.", where);
        }

        return new Tensor(name, type, shape, data);
    }

    /// <summary>JSON cannot hold an image's bytes: MLServer's <c>content_type: base64</c> says that the strings are base64.</summary>
    public static Tensor FromBase64(string name, IReadOnlyList<long> shape, byte[] data, string where)
    {
        var encoded = BytesTensor.Split(data, shape.Aggregate(1L, (product, size) => product * size), where);
        var decoded = new ReadOnlyMemory<byte>[encoded.Count];
        for (var i = 0; i < decoded.Length; i++)
        {
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded[i].Length)];
            if (Base64.DecodeFromUtf8(encoded[i].Span, bytes, out _, out var written) != System.Buffers.OperationStatus.Done)
            {
                throw new ProblemException("tensor-invalid", $"Element {i} of the tensor '{name}' is no base64, which its content_type says.", where);
            }

            decoded[i] = bytes.AsMemory(0, written);
        }

        return new Tensor(name, DataType.String, shape, BytesTensor.Join(decoded));
    }
}
