using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol.Requests;

/// <summary>
/// Reads an inference request as HTTP carries it: a JSON header, and behind it the bytes of the inputs that are not in the JSON (KServe's Open Inference
/// Protocol v2; Triton's binary tensor data extension). One pass, no tree of the JSON.
/// </summary>
public static class InferRequestReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The body, decompressed. The request's tensors may alias it.</param>
    /// <param name="headerLength">Bytes of the JSON (<c>Inference-Header-Content-Length</c>); <c>null</c>: all of it.</param>
    /// <param name="limits">What it may cost.</param>
    /// <exception cref="ProblemException"><c>json-invalid</c>, <c>request-invalid</c>, <c>tensor-invalid</c>, <c>parameter-invalid</c>, <c>extension-unsupported</c>: says what and where.</exception>
    public static InferRequest Read(ReadOnlyMemory<byte> body, int? headerLength, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var length = headerLength ?? body.Length;
        if (length <= 0 || length > body.Length)
        {
            throw headerLength is null
                ? new ProblemException("request-invalid", "The body is empty; an inference request is needed.")
                : new ProblemException("request-invalid", $"Inference-Header-Content-Length is {length}; it must be 1 to the body's {body.Length} bytes.", "Inference-Header-Content-Length");
        }

        var json = body[..length];
        var binary = body[length..];
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = limits.Rank + 8 });
            JsonParts.Next(ref reader);
            var request = Read(ref reader, ref binary, length, limits);
            if (reader.Read())
            {
                throw JsonParts.Invalid("Something follows the request", ref reader, string.Empty);
            }

            return binary.IsEmpty
                ? request.Checked()
                : throw new ProblemException("request-invalid", $"{binary.Length} bytes behind the header belong to no input; each input's 'binary_data_size' says how many are its own.");
        }
        catch (JsonException broken)
        {
            throw JsonParts.Broken(broken);
        }
    }

    private static InferRequest Read(ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> binary, int length, ProtocolLimits limits)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartObject, "An object with 'inputs'", string.Empty);
        string? id = null;
        List<Tensor>? inputs = null;
        List<RequestedOutput>? outputs = null;
        var parameters = Parameters.None;
        for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; JsonParts.Next(ref reader))
        {
            var member = JsonParts.PropertyName(ref reader, string.Empty);
            JsonParts.Next(ref reader);
            var twice = false;
            switch (member)
            {
                case "id":
                    twice = id is not null;
                    id = reader.TokenType == JsonTokenType.Null ? string.Empty : JsonParts.Text(ref reader, 1024, "id");
                    break;
                case "parameters" when reader.TokenType != JsonTokenType.Null:
                    twice = !ReferenceEquals(parameters, Parameters.None);
                    parameters = JsonParts.Parameters(ref reader, limits, "parameters");
                    break;
                case "inputs":
                    twice = inputs is not null;
                    inputs = Inputs(ref reader, ref binary, length, limits);
                    break;
                case "outputs" when reader.TokenType != JsonTokenType.Null:
                    twice = outputs is not null;
                    outputs = Outputs(ref reader, limits);
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (twice)
            {
                throw JsonParts.Invalid($"'{member}' is there twice", ref reader, string.Empty);
            }
        }

        return new InferRequest(id ?? string.Empty, inputs ?? [], outputs ?? [], Parameters.BinaryDataOutput(parameters, "parameters"), Parameters.Timeout(parameters, "parameters"));
    }

    private static List<Tensor> Inputs(ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> binary, int length, ProtocolLimits limits)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartArray, "An array of tensors", "inputs");
        var inputs = new List<Tensor>();
        for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndArray; JsonParts.Next(ref reader))
        {
            if (inputs.Count == limits.Tensors)
            {
                throw JsonParts.Invalid($"There are more than {limits.Tensors} inputs", ref reader, "inputs");
            }

            inputs.Add(TensorJsonReader.Read(ref reader, ref binary, length, limits, $"inputs[{inputs.Count}]"));
        }

        return inputs;
    }

    private static List<RequestedOutput> Outputs(ref Utf8JsonReader reader, ProtocolLimits limits)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartArray, "An array of outputs", "outputs");
        var outputs = new List<RequestedOutput>();
        for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndArray; JsonParts.Next(ref reader))
        {
            if (outputs.Count == limits.Tensors)
            {
                throw JsonParts.Invalid($"There are more than {limits.Tensors} outputs", ref reader, "outputs");
            }

            outputs.Add(Output(ref reader, limits, $"outputs[{outputs.Count}]"));
        }

        return outputs;
    }

    private static RequestedOutput Output(ref Utf8JsonReader reader, ProtocolLimits limits, string where)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartObject, "An object with 'name'", where);
        string? name = null;
        var parameters = Parameters.None;
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
                case "parameters" when reader.TokenType != JsonTokenType.Null:
                    twice = !ReferenceEquals(parameters, Parameters.None);
                    parameters = JsonParts.Parameters(ref reader, limits, $"{where}.parameters");
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

        Parameters.RefuseSharedMemory(parameters, where);
        return new RequestedOutput(
            name ?? throw JsonParts.Invalid("'name' is missing", ref reader, where),
            Parameters.BinaryData(parameters, $"{where}.parameters"),
            Parameters.Classification(parameters, $"{where}.parameters"));
    }
}
