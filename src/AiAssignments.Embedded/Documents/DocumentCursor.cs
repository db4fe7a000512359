using System.Buffers.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Documents;

/// <summary>Where a page ended: the last document's sort key. The next page begins after it, whatever was inserted meanwhile.</summary>
/// <param name="Query">Fingerprint of the query that the token belongs to.</param>
/// <param name="Rank">Rank of the sort property's type.</param>
/// <param name="Text">Its value, when it is a string.</param>
/// <param name="Whole">Its value, when it is an integer or a boolean.</param>
/// <param name="Number">Its value, when it is a number with a fraction.</param>
/// <param name="Id">The document's id.</param>
internal sealed record DocumentCursor(string Query, int Rank, string? Text, long? Whole, double? Number, string Id)
{
    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Options));

    public static DocumentCursor Read(string token, string fingerprint)
    {
        try
        {
            if (token.Length <= 20_000
                && JsonSerializer.Deserialize<DocumentCursor>(Base64Url.DecodeFromChars(token), StoredJson.Options) is { Id: not null } cursor
                && cursor.Query == fingerprint)
            {
                return cursor;
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Reported below, as any other token that is not ours.
        }

        throw new ProblemException("continuation-invalid", "The continuation token does not belong to this query; take the one that the page before gave, with the same filters and order.");
    }
}
