using System.Runtime.InteropServices;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Responses;

/// <summary>Writes a tensor's elements into an open JSON array, flat and row-major; floating point so that it reads back to the same bits.</summary>
internal static class TensorDataWriter
{
    public static void Write(Utf8JsonWriter json, Tensor tensor)
    {
        var data = tensor.Data.Span;
        switch (tensor.Type)
        {
            case DataType.Float:
                foreach (var value in MemoryMarshal.Cast<byte, float>(data))
                {
                    json.WriteNumberValue(float.IsFinite(value) ? value : throw NotFinite(tensor));
                }

                break;
            case DataType.Double:
                foreach (var value in MemoryMarshal.Cast<byte, double>(data))
                {
                    json.WriteNumberValue(double.IsFinite(value) ? value : throw NotFinite(tensor));
                }

                break;
            case DataType.Float16:
                foreach (var value in MemoryMarshal.Cast<byte, Half>(data))
                {
                    json.WriteNumberValue(Half.IsFinite(value) ? (float)value : throw NotFinite(tensor));
                }

                break;
            case DataType.Bool:
                foreach (var value in data)
                {
                    json.WriteBooleanValue(value != 0);
                }

                break;
            case DataType.String:
                WriteStrings(json, tensor);
                break;
            case DataType.Bfloat16:
                throw new ProblemException("tensor-unfit", $"The output '{tensor.Name}' is BF16, which JSON does not have; ask for it with binary_data true.");
            default:
                WriteWhole(json, tensor.Type, data);
                break;
        }
    }

    private static void WriteWhole(Utf8JsonWriter json, DataType type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case DataType.Uint8:
                Write<byte>(json, data);
                break;
            case DataType.Int8:
                Write<sbyte>(json, data);
                break;
            case DataType.Uint16:
                Write<ushort>(json, data);
                break;
            case DataType.Int16:
                Write<short>(json, data);
                break;
            case DataType.Uint32:
                Write<uint>(json, data);
                break;
            case DataType.Int32:
                Write<int>(json, data);
                break;
            case DataType.Int64:
                Write<long>(json, data);
                break;
            case DataType.Uint64:
                foreach (var value in MemoryMarshal.Cast<byte, ulong>(data))
                {
                    json.WriteNumberValue(value);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "The protocol cannot carry this type.");
        }
    }

    private static void Write<T>(Utf8JsonWriter json, ReadOnlySpan<byte> data)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        foreach (var value in MemoryMarshal.Cast<byte, T>(data))
        {
            json.WriteNumberValue(long.CreateTruncating(value));
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, Tensor tensor)
    {
        var elements = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        foreach (var element in BytesTensor.Split(tensor.Data, elements, tensor.Name))
        {
            json.WriteStringValue(element.Span);
        }
    }

    private static ProblemException NotFinite(Tensor tensor) =>
        new("tensor-not-finite", $"The output '{tensor.Name}' has NaN or an infinity, which JSON does not have; ask for it with binary_data true.");
}
