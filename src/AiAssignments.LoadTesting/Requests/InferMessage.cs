using System.Text.Json;
using AiAssignments.Core.Errors;
using Google.Protobuf;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>
/// A <c>ModelInferRequest</c> of the Open Inference Protocol v2 made of the JSON that its HTTP side takes (<c>{"inputs":[{"name","shape","datatype","data"}]}</c>),
/// so that one file of bodies serves both. Only what the message's public field numbers need is written here.
/// </summary>
public static class InferMessage
{
    private const int BoolContents = 1;
    private const int IntContents = 2;
    private const int Int64Contents = 3;
    private const int UintContents = 4;
    private const int Uint64Contents = 5;
    private const int Fp32Contents = 6;
    private const int Fp64Contents = 7;
    private const int BytesContents = 8;

    /// <summary>Encodes it.</summary>
    /// <param name="model">Model name, and if wanted <c>@version</c>.</param>
    /// <param name="json">The request as JSON.</param>
    /// <returns>The protobuf message.</returns>
    /// <exception cref="ProblemException"><c>infer-request-invalid</c>: what is missing or unfit.</exception>
    public static byte[] Encode(string model, string json)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var at = model.IndexOf('@', StringComparison.Ordinal);
            return Message(message =>
            {
                Text(message, 1, at < 0 ? model : model[..at]);
                Text(message, 2, at < 0 ? string.Empty : model[(at + 1)..]);
                Text(message, 3, root.TryGetProperty("id", out var id) ? id.GetString()! : string.Empty);
                foreach (var input in root.GetProperty("inputs").EnumerateArray())
                {
                    Part(message, 5, Input(input));
                }

                if (root.TryGetProperty("outputs", out var outputs))
                {
                    foreach (var output in outputs.EnumerateArray())
                    {
                        Part(message, 6, Message(part => Text(part, 1, output.GetProperty("name").GetString()!)));
                    }
                }
            });
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentNullException)
        {
            throw new ProblemException(
                new Problem("infer-request-invalid", "The body is no request of the Open Inference Protocol v2, like {\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"good\"]}]}."), error);
        }
    }

    private static byte[] Input(JsonElement input)
    {
        var datatype = input.GetProperty("datatype").GetString()!;
        return Message(message =>
        {
            Text(message, 1, input.GetProperty("name").GetString()!);
            Text(message, 2, datatype);
            Part(message, 3, Message(shape =>
            {
                foreach (var size in input.GetProperty("shape").EnumerateArray())
                {
                    shape.WriteInt64(size.GetInt64());
                }
            }));
            Part(message, 5, Contents(datatype, input.GetProperty("data")));
        });
    }

    // Numbers are packed into one field; texts are a field each.
    private static byte[] Contents(string datatype, JsonElement data)
    {
        if (datatype == "BYTES")
        {
            return Message(contents =>
            {
                foreach (var item in Flat(data))
                {
                    contents.WriteTag(BytesContents, WireFormat.WireType.LengthDelimited);
                    contents.WriteString(item.GetString()!);
                }
            });
        }

        (int Field, Action<CodedOutputStream, JsonElement> Write) kind = datatype switch
        {
            "BOOL" => (BoolContents, (packed, item) => packed.WriteBool(item.GetBoolean())),
            "INT8" or "INT16" or "INT32" => (IntContents, (packed, item) => packed.WriteInt32(item.GetInt32())),
            "INT64" => (Int64Contents, (packed, item) => packed.WriteInt64(item.GetInt64())),
            "UINT8" or "UINT16" or "UINT32" => (UintContents, (packed, item) => packed.WriteUInt32(item.GetUInt32())),
            "UINT64" => (Uint64Contents, (packed, item) => packed.WriteUInt64(item.GetUInt64())),
            "FP32" => (Fp32Contents, (packed, item) => packed.WriteFloat(item.GetSingle())),
            "FP64" => (Fp64Contents, (packed, item) => packed.WriteDouble(item.GetDouble())),
            _ => throw new ProblemException("infer-request-invalid", $"The datatype '{datatype}' cannot be sent from JSON; BOOL, INT8 to INT64, UINT8 to UINT64, FP32, FP64 and BYTES can."),
        };
        return Message(contents => Part(contents, kind.Field, Message(packed =>
        {
            foreach (var item in Flat(data))
            {
                kind.Write(packed, item);
            }
        })));
    }

    // The data may be nested by its shape or flat.
    private static IEnumerable<JsonElement> Flat(JsonElement data) => data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().SelectMany(Flat) : [data];

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private static void Text(CodedOutputStream message, int field, string value)
    {
        if (value.Length > 0)
        {
            message.WriteTag(field, WireFormat.WireType.LengthDelimited);
            message.WriteString(value);
        }
    }

    private static void Part(CodedOutputStream message, int field, byte[] part)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(part));
    }
}
