using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>Where a page ended: the key of its last item. The next page begins after it, whatever came or went meanwhile.</summary>
/// <param name="Query">Fingerprint of the list that the token belongs to.</param>
/// <param name="Number">The key's number.</param>
/// <param name="Text">The key's text.</param>
/// <param name="Id">The key's id.</param>
internal sealed record KeysetCursor(string Query, long Number, string Text, string Id)
{
    private const int Longest = 8192;

    [JsonIgnore]
    public SortKey Key => new(Number, Text, Id);

    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    public static string Fingerprint(params ReadOnlySpan<object?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part is IFormattable formattable ? formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : part?.ToString()).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    /// <exception cref="ProblemException"><c>continuation-invalid</c>.</exception>
    public static KeysetCursor Read(string token, string fingerprint)
    {
        try
        {
            if (token.Length <= Longest
                && JsonSerializer.Deserialize<KeysetCursor>(Base64Url.DecodeFromChars(token)) is { Text: not null, Id: not null } cursor
                && cursor.Query == fingerprint)
            {
                return cursor;
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Reported below, as any other token that is not ours.
        }

        throw new ProblemException("continuation-invalid", "The continuation token does not belong to this list; take the one that the page before gave, with the same filters and order.", "continuation");
    }
}
