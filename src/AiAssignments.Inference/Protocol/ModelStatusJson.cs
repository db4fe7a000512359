using System.Text.Json;
using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol;

/// <summary>
/// A model's status as one server of this project tells another: with the card and the graph's signature, which the protocol's own metadata do not have.
/// </summary>
public static class ModelStatusJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        MaxDepth = 32,
    };

    /// <summary>Writes statuses.</summary>
    /// <param name="statuses">One or many.</param>
    public static byte[] Write(IReadOnlyList<ModelStatus> statuses) => JsonSerializer.SerializeToUtf8Bytes(statuses, Options);

    /// <summary>Reads statuses.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <exception cref="ProblemException"><c>json-invalid</c>.</exception>
    public static IReadOnlyList<ModelStatus> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<ModelStatus>>(json, Options) ?? [];
        }
        catch (JsonException broken)
        {
            throw new ProblemException(new Problem("json-invalid", $"The statuses cannot be read: {broken.Message}"), broken);
        }
    }
}
