using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Azure.WebPubSub;

/// <summary>Signs JSON Web Tokens (RFC 7519, HS256) with an access key, as Web PubSub takes them: of a client whose audience is the hub, of a server whose audience is the URL that it calls.</summary>
internal static class ClientTokens
{
    private static readonly string Header = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);

    public static string Sign(string key, string audience, DateTimeOffset now, DateTimeOffset expires, string? user = null, IReadOnlyList<string>? roles = null)
    {
        using var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("aud", audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("nbf", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", expires.ToUnixTimeSeconds());
            if (user is not null)
            {
                json.WriteString("sub", user);
            }

            if (roles is not null)
            {
                json.WriteStartArray("role");
                foreach (var role in roles)
                {
                    json.WriteStringValue(role);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(claims.ToArray())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)))}";
    }
}
