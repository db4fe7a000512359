using System.Buffers;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;

namespace AiAssignments.Inference.Protocol.Responses;

/// <summary>Writes an answer as HTTP carries it.</summary>
public static class InferResponseWriter
{
    /// <summary>Writes the JSON.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="target">Where to. The body is this and then the data of each output with <see cref="InferOutput.Binary"/>, in order; with any of those, <c>Inference-Header-Content-Length</c> is the length of this.</param>
    /// <exception cref="ProblemException"><c>tensor-not-finite</c>: JSON has no NaN or infinity.</exception>
    public static void WriteHeader(InferResponse response, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(response);
        using var json = new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("model_name", response.Model.Name);
        json.WriteString("model_version", response.Model.Version);
        if (response.Id.Length > 0)
        {
            json.WriteString("id", response.Id);
        }

        json.WriteStartArray("outputs");
        foreach (var output in response.Outputs)
        {
            Write(json, output);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InferOutput output)
    {
        var tensor = output.Tensor;
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("datatype", Datatypes.NameOf(tensor.Type)
            ?? throw new ProblemException("tensor-unfit", $"The output '{tensor.Name}' has the element type {tensor.Type}, which the protocol cannot carry; name other outputs."));
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        if (output.Binary)
        {
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", tensor.Data.Length);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data");
            TensorDataWriter.Write(json, tensor);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
