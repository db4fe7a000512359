using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// Entries of the shared level: 4 bytes that name the form, 8 bytes of XxHash64 over the rest, JSON. What is cut, garbled or of another form is an
/// <see cref="InvalidDataException"/> here, and with it a miss for who asked; the checksum finds damage, not malice.
/// </summary>
internal sealed class CacheSerializer : IFusionCacheSerializer
{
    public const int HeaderBytes = 12;

    /// <summary>Longest entry that is read, bytes. A page of 1000 large documents is below it.</summary>
    public const int MostBytes = 32 << 20;

    private const uint Form = 0x31434941;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // As in the document store: figures may be undefined.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public byte[] Serialize<T>(T? obj)
    {
        using var stream = new MemoryStream(512);
        stream.Write(stackalloc byte[HeaderBytes]);
        JsonSerializer.Serialize(stream, obj, Options);
        var data = stream.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(data, Form);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), XxHash64.HashToUInt64(data.AsSpan(HeaderBytes)));
        return data;
    }

    public T? Deserialize<T>(byte[] data)
    {
        if (data.Length is < HeaderBytes or > MostBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(data) != Form
            || BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(4)) != XxHash64.HashToUInt64(data.AsSpan(HeaderBytes)))
        {
            throw new InvalidDataException("The entry is not one of this program.");
        }

        return JsonSerializer.Deserialize<T>(data.AsSpan(HeaderBytes), Options);
    }

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => ValueTask.FromResult(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => ValueTask.FromResult(Deserialize<T>(data));
}
