using System.Buffers.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Azure.Documents;

/// <summary>Where a page ended: the last document's sort key. The next page begins after it, whatever was written or moved to another server meanwhile.</summary>
/// <param name="Query">Fingerprint of the query that the token belongs to.</param>
/// <param name="Id">The document's id, as stored.</param>
/// <param name="Text">Its sort property, when that is a string.</param>
/// <param name="Number">Its sort property, when that is a number.</param>
/// <param name="Flag">Its sort property, when that is a boolean.</param>
internal sealed record PageCursor(string Query, string Id, string? Text, double? Number, bool? Flag)
{
    private const int MostCharacters = 20_000;

    /// <summary>The sort key as a parameter; <c>null</c> where there is none to sort by.</summary>
    public object? Key => (object?)Text ?? (object?)Number ?? Flag;

    public string Write()
    {
        var token = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Options));
        return token.Length <= MostCharacters
            ? token
            : throw new ProblemException("query-invalid", "The property is too long to be sorted by over several pages.", Id);
    }

    public static PageCursor Read(string token, string fingerprint)
    {
        try
        {
            if (token.Length <= MostCharacters
                && JsonSerializer.Deserialize<PageCursor>(Base64Url.DecodeFromChars(token), DocumentJson.Options) is { Id: not null } cursor
                && cursor.Query == fingerprint
                && (cursor.Number is not { } number || double.IsFinite(number)))
            {
                return cursor;
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Reported below, as any other token that is not ours.
        }

        throw new ProblemException("continuation-invalid", "The continuation token does not belong to this query; take the one that the page before gave, with the same filters and order.");
    }
}
