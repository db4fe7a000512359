using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiAssignments.Pipeline.Access.Keys;

/// <summary>The text of a key: <c>aia_</c>, 16 hex digits (the id), <c>_</c>, and 256 random bits in 43 characters of base64url.</summary>
internal static class ApiKeyText
{
    private const string Prefix = "aia_";
    private const string HashPrefix = "sha256:";
    private const int IdLength = 16;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int Length = 4 + IdLength + 1 + SecretLength;

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));

    public static string New(string id) => $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    public static bool LooksLikeKey(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id inside a key's text; <c>null</c> when it is not one.</summary>
    public static string? IdOf(string text)
    {
        if (text.Length != Length || !LooksLikeKey(text) || text[Prefix.Length + IdLength] != '_')
        {
            return null;
        }

        var id = text[Prefix.Length..(Prefix.Length + IdLength)];
        return IsId(id) ? id : null;
    }

    public static bool IsId(string id) => id.Length == IdLength && id.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// One SHA-256, without salt or stretching: those make guessing a person's password dear, and a key of 256 random bits cannot be guessed nor stand in a table.
    /// So a check costs a microsecond and cannot be used to keep the server busy.
    /// </summary>
    public static string Hash(string text) => HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Compares in a time that does not tell where they differ.</summary>
    public static bool Same(string hash, string? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));
}
