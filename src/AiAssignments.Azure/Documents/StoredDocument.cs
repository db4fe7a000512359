using System.Buffers;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Azure.Documents;

/// <summary>A document as it stands in Cosmos DB: <c>{ "id", "partition", "ttl"?, "value" }</c>, and the system's own <c>_etag</c> beside them.</summary>
internal static class StoredDocument
{
    /// <summary>Largest item that Cosmos DB takes, bytes of UTF-8 (learn.microsoft.com/azure/cosmos-db/concepts-limits).</summary>
    public const int MostBytes = 2 << 20;

    /// <summary>Room that the system's own properties need in it.</summary>
    private const int SystemBytes = 1024;

    private static JsonSerializerOptions Options { get; } = new(DocumentJson.Options) { Converters = { new ExactIntegers<long>(), new ExactIntegers<ulong>() } };

    public static ReadOnlyMemory<byte> Write<T>(string id, string partition, T value, TimeSpan? timeToLive)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("partition", partition);
            if (timeToLive is { } kept)
            {
                json.WriteNumber("ttl", Seconds(kept));
            }

            json.WritePropertyName("value");
            JsonSerializer.Serialize(json, value, Options);
            json.WriteEndObject();
        }

        return buffer.WrittenCount <= MostBytes - SystemBytes
            ? buffer.WrittenMemory
            : throw new ProblemException("document-invalid", $"The document has {buffer.WrittenCount} bytes; Cosmos DB takes {MostBytes - SystemBytes}.", id);
    }

    /// <summary>The fact in a document's <c>value</c>.</summary>
    public static T Parse<T>(JsonElement value, string id)
    {
        try
        {
            return value.Deserialize<T>(Options) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new ProblemException(new Problem("document-unreadable", $"The document is not a {typeof(T).Name}: {error.Message}", id), error);
        }
    }

    /// <summary>Whether a condition can be an ETag of the server's. <c>*</c> would mean "any", and a line break another header.</summary>
    public static bool IsETag(string condition) => condition.Length is > 0 and <= 200 && condition != "*" && condition.All(static c => c is > ' ' and <= '~');

    private static int Seconds(TimeSpan kept) => kept > TimeSpan.Zero && kept.TotalSeconds <= int.MaxValue
        ? (int)Math.Ceiling(kept.TotalSeconds)
        : throw new ArgumentOutOfRangeException(nameof(kept), kept, "A document lives longer than nothing, and 2,147,483,647 seconds at most.");
}
