using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol.Responses;

/// <summary>Reads an answer as a client gets it.</summary>
public static class InferResponseReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The body. The tensors may alias it.</param>
    /// <param name="headerLength">Bytes of the JSON (<c>Inference-Header-Content-Length</c>); <c>null</c>: all of it.</param>
    /// <param name="timing">Where the time went, from the answer's headers.</param>
    /// <param name="limits">What it may cost.</param>
    /// <exception cref="ProblemException"><c>json-invalid</c>, <c>request-invalid</c>, <c>tensor-invalid</c>: it is no such answer.</exception>
    public static InferResponse Read(ReadOnlyMemory<byte> body, int? headerLength, ServeTiming timing, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var length = headerLength ?? body.Length;
        if (length <= 0 || length > body.Length)
        {
            throw new ProblemException("request-invalid", $"The answer's JSON has {length} bytes of {body.Length}.");
        }

        var binary = body[length..];
        try
        {
            var reader = new Utf8JsonReader(body[..length].Span, new JsonReaderOptions { MaxDepth = limits.Rank + 8 });
            JsonParts.Next(ref reader);
            JsonParts.Expect(ref reader, JsonTokenType.StartObject, "An object with 'outputs'", string.Empty);
            string name = string.Empty, version = string.Empty, id = string.Empty;
            List<InferOutput>? outputs = null;
            for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; JsonParts.Next(ref reader))
            {
                var member = JsonParts.PropertyName(ref reader, string.Empty);
                JsonParts.Next(ref reader);
                switch (member)
                {
                    case "model_name":
                        name = JsonParts.Text(ref reader, 1024, member);
                        break;
                    case "model_version":
                        version = JsonParts.Text(ref reader, 1024, member);
                        break;
                    case "id" when reader.TokenType != JsonTokenType.Null:
                        id = JsonParts.Text(ref reader, 1024, member);
                        break;
                    case "outputs":
                        outputs = Outputs(ref reader, ref binary, length, limits);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            return outputs is null
                ? throw new ProblemException("request-invalid", "The answer has no 'outputs'.")
                : new InferResponse(new ModelKey(name, version), id, outputs, timing);
        }
        catch (JsonException broken)
        {
            throw JsonParts.Broken(broken);
        }
    }

    private static List<InferOutput> Outputs(ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> binary, int length, ProtocolLimits limits)
    {
        JsonParts.Expect(ref reader, JsonTokenType.StartArray, "An array of tensors", "outputs");
        var outputs = new List<InferOutput>();
        for (JsonParts.Next(ref reader); reader.TokenType != JsonTokenType.EndArray; JsonParts.Next(ref reader))
        {
            if (outputs.Count == limits.Tensors)
            {
                throw JsonParts.Invalid($"There are more than {limits.Tensors} outputs", ref reader, "outputs");
            }

            var before = binary.Length;
            var tensor = TensorJsonReader.Read(ref reader, ref binary, length, limits, $"outputs[{outputs.Count}]");
            outputs.Add(new InferOutput(tensor, binary.Length != before));
        }

        return outputs;
    }
}
