using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>
/// Signs and checks the short-lived tokens of the progress sockets: JSON Web Tokens (RFC 7519) with HMAC-SHA-256 under a key that this process drew when it started.
/// A restart ends them, and a client negotiates anew. Only tokens with exactly the header that is written here are looked at.
/// </summary>
internal sealed class ConnectionTokens(TimeProvider time, TimeSpan lifetime)
{
    private const string Audience = "aia/client";
    private const int MaxLength = 4096;
    private static readonly string Header = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    public (string Token, DateTimeOffset ExpiresAt) Issue(string? user, IReadOnlyList<string> roles)
    {
        var now = time.GetUtcNow();
        // Whole seconds, as the claims have them.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Claims(Audience, user, now.ToUnixTimeSeconds(), expires.ToUnixTimeSeconds(), roles));
        var signed = $"{Header}.{Base64Url.EncodeToString(claims)}";
        return ($"{signed}.{Base64Url.EncodeToString(Sign(signed))}", expires);
    }

    /// <exception cref="ProblemException"><c>request-unauthenticated</c>.</exception>
    public SocketTicket Check(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            throw new ProblemException("request-unauthenticated", "The URL has no access_token; ask POST /api/negotiate for one.");
        }

        var end = token.LastIndexOf('.');
        if (token.Length > MaxLength || end < 0 || !token.StartsWith(Header + ".", StringComparison.Ordinal) || !IsSigned(token.AsSpan(0, end), token.AsSpan(end + 1)))
        {
            throw new ProblemException("request-unauthenticated", "The access_token was not signed by this process; ask POST /api/negotiate for a new one.");
        }

        // Signed by this process, so it is what Issue wrote.
        var claims = JsonSerializer.Deserialize<Claims>(Base64Url.DecodeFromChars(token.AsSpan(Header.Length + 1, end - Header.Length - 1)))!;
        return time.GetUtcNow().ToUnixTimeSeconds() < claims.exp
            ? new SocketTicket(claims.sub, claims.role)
            : throw new ProblemException("request-unauthenticated", "The access_token has expired; ask POST /api/negotiate for a new one.");
    }

    private bool IsSigned(ReadOnlySpan<char> signed, ReadOnlySpan<char> signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        // 32 bytes have 43 characters of base64url.
        return signature.Length == 43
            && Base64Url.IsValid(signature)
            && Base64Url.TryDecodeFromChars(signature, given, out var written)
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, Sign(signed));
    }

    private byte[] Sign(ReadOnlySpan<char> signed)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(signed)];
        Encoding.UTF8.GetBytes(signed, bytes);
        return HMACSHA256.HashData(key, bytes);
    }

#pragma warning disable IDE1006, SA1300 // The names are the claims'.
    private sealed record Claims(string aud, string? sub, long iat, long exp, IReadOnlyList<string> role);
#pragma warning restore IDE1006, SA1300
}
