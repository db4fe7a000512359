using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiAssignments.Inference.Protocol.Wire;

namespace AiAssignments.Inference.Protocol.Requests;

/// <summary>Writes an inference request as a client sends it: all tensors behind the JSON header.</summary>
public static class InferRequestWriter
{
    /// <summary>Writes the header.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The JSON; the body is it and then each input's data, in order, and <c>Inference-Header-Content-Length</c> is its length.</returns>
    public static ReadOnlyMemory<byte> WriteHeader(InferRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (request.Id.Length > 0)
        {
            json.WriteString("id", request.Id);
        }

        json.WriteStartObject("parameters");
        json.WriteBoolean("binary_data_output", request.BinaryOutput);
        if (request.Timeout is { } timeout)
        {
            json.WriteNumber("timeout", (long)Math.Ceiling(timeout.TotalMicroseconds));
        }

        json.WriteEndObject();
        json.WriteStartArray("inputs");
        foreach (var input in request.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteString("datatype", Datatypes.NameOf(input.Type) ?? input.Type.ToString().ToUpper(CultureInfo.InvariantCulture));
            json.WriteStartArray("shape");
            foreach (var size in input.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", input.Data.Length);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.Outputs.Count > 0)
        {
            WriteOutputs(json, request.Outputs);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteOutputs(Utf8JsonWriter json, IReadOnlyList<RequestedOutput> outputs)
    {
        json.WriteStartArray("outputs");
        foreach (var output in outputs)
        {
            json.WriteStartObject();
            json.WriteString("name", output.Name);
            json.WriteStartObject("parameters");
            if (output.Binary is { } binary)
            {
                json.WriteBoolean("binary_data", binary);
            }

            if (output.Classification is { } count)
            {
                json.WriteNumber("classification", count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
