using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Reads one tensor object of a request's <c>inputs</c> or a response's <c>outputs</c>; its members may come in any order.</summary>
internal static class TensorJsonReader
{
    /// <summary>Reads the object that the reader stands on.</summary>
    /// <param name="reader">Stands on the object's start; afterwards on its end.</param>
    /// <param name="binary">What is left of the bytes behind the header; shortened by what this tensor takes.</param>
    /// <param name="length">Bytes of the JSON.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="where">For example <c>inputs[0]</c>.</param>
    public static Tensor Read(ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> binary, int length, ProtocolLimits limits, string where)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartObject, "An object", where);
        string? name = null;
        DataType? type = null;
        long[]? shape = null;
        byte[]? data = null;
        var parameters = Parameters.None;
        Utf8JsonReader later = default;
        var waits = false;
        for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; JsonParts.Next(ref reader))
        {
            var member = JsonParts.PropertyName(ref reader, where);
            JsonParts.Next(ref reader);
            var twice = false;
            switch (member)
            {
                case "name":
                    twice = name is not null;
                    name = JsonParts.Text(ref reader, 1024, $"{where}.name");
                    break;
                case "datatype":
                    twice = type is not null;
                    type = Type(JsonParts.Text(ref reader, 1024, $"{where}.datatype"), where);
                    break;
                case "shape":
                    twice = shape is not null;
                    shape = JsonParts.Shape(ref reader, limits, $"{where}.shape");
                    break;
                case "parameters":
                    twice = !ReferenceEquals(parameters, Parameters.None);
                    parameters = JsonParts.Parameters(ref reader, limits, $"{where}.parameters");
                    break;
                case "data":
                    twice = waits || data is not null;
                    if (!twice && type is { } known && shape is not null)
                    {
                        data = Data(ref reader, known, shape, length, limits, where);
                    }
                    else
                    {
                        // What the data must be is said after it: come back to it then.
                        later = reader;
                        waits = true;
                        reader.Skip();
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (twice)
            {
                throw JsonParts.Invalid($"'{member}' is there twice", ref reader, where);
            }
        }

        if (name is null || type is null || shape is null)
        {
            throw JsonParts.Invalid($"'{(name is null ? "name" : type is null ? "datatype" : "shape")}' is missing", ref reader, where);
        }

        if (waits)
        {
            data = Data(ref later, type.Value, shape, length, limits, where);
        }

        return Assemble(name, type.Value, shape, data, parameters, ref binary, limits, where);
    }

    private static Tensor Assemble(
        string name, DataType type, long[] shape, byte[]? data, IReadOnlyDictionary<string, ParameterValue> parameters, ref ReadOnlyMemory<byte> binary, ProtocolLimits limits, string where)
    {
        Parameters.RefuseSharedMemory(parameters, where);
        if (Parameters.BinaryDataSize(parameters, $"{where}.parameters") is { } size)
        {
            if (data is not null)
            {
                throw new ProblemException("request-invalid", $"The tensor '{name}' has both 'data' and 'binary_data_size'; give one of them.", where);
            }

            if (size > binary.Length)
            {
                throw new ProblemException("request-invalid", $"The tensor '{name}' says {size} bytes behind the header, and {binary.Length} are left.", where);
            }

            var raw = binary[..(int)size];
            binary = binary[(int)size..];
            return RawTensor.Check(name, type, shape, raw, limits, where);
        }

        if (data is null)
        {
            throw new ProblemException("request-invalid", $"The tensor '{name}' has neither 'data' nor the parameter 'binary_data_size'.", where);
        }

        return parameters.TryGetValue("content_type", out var content) && content.Text == "base64" && type == DataType.String
            ? RawTensor.FromBase64(name, shape, data, where)
            : new Tensor(name, type, shape, data);
    }

    private static byte[] Data(ref Utf8JsonReader reader, DataType type, long[] shape, int length, ProtocolLimits limits, string where)
    {
        var elements = TensorShapes.Elements(shape, limits, $"{where}.shape");
        return TensorDataReader.Read(ref reader, type, shape, elements, length - reader.TokenStartIndex, limits, $"{where}.data");
    }

    private static DataType Type(string name, string where) => Datatypes.Find(name)
        ?? throw new ProblemException("tensor-invalid", $"'{name}' is not a datatype; use one of {Datatypes.Names}.", $"{where}.datatype");
}
