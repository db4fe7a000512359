using System.Text.Json;
using AiAssignments.Core.Storage;

namespace AiAssignments.Azure.Documents;

/// <summary>One document of a query's answer.</summary>
/// <param name="Id">Its id, as stored.</param>
/// <param name="ETag">Its ETag, as stored.</param>
/// <param name="Body">Its <c>value</c>.</param>
internal sealed record PageItem(string Id, string ETag, JsonElement Body)
{
    public static PageItem Read(JsonElement item) =>
        new(item.GetProperty("id").GetString()!, item.GetProperty("etag").GetString()!, item.GetProperty("body").Clone());

    public Document<T> ToDocument<T>()
    {
        var id = DocumentId.Decode(Id);
        return new Document<T>(id, StoredDocument.Parse<T>(Body, id), ETag);
    }

    /// <summary>The page that ends with this document ends here.</summary>
    /// <param name="fingerprint">Of the query.</param>
    /// <param name="orderBy">Property that it sorts by.</param>
    public PageCursor ToCursor(string fingerprint, string? orderBy)
    {
        var key = orderBy is null ? default : Find(Body, DocumentProperty.Names(orderBy));
        return new PageCursor(
            fingerprint,
            Id,
            key.ValueKind is JsonValueKind.String ? key.GetString() : null,
            key.ValueKind is JsonValueKind.Number ? key.GetDouble() : null,
            key.ValueKind is JsonValueKind.True or JsonValueKind.False ? key.GetBoolean() : null);
    }

    private static JsonElement Find(JsonElement body, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out body))
            {
                return default;
            }
        }

        return body;
    }
}
