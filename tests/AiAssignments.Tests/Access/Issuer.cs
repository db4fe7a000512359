using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Tests.Access;

/// <summary>Signs tokens by hand, so that wrong ones can be made too.</summary>
internal sealed class Issuer : IDisposable
{
    public const string Name = "https://issuer.example/v2.0";
    public const string Audience = "api://aia";

    private readonly RSA rsa = RSA.Create(2048);
    private readonly string id = Guid.NewGuid().ToString("N");

    public string Jwks()
    {
        var key = rsa.ExportParameters(false);
        var web = new { kty = "RSA", use = "sig", kid = id, n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) };
        return JsonSerializer.Serialize(new { keys = new[] { web } });
    }

    public string PublicKeyPem() => rsa.ExportSubjectPublicKeyInfoPem();

    public byte[] Modulus() => rsa.ExportParameters(false).Modulus!;

    public static Dictionary<string, object> Claims(DateTimeOffset now, params string[] roles) => new()
    {
        ["iss"] = Name,
        ["aud"] = Audience,
        ["sub"] = "somebody",
        ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(30).ToUnixTimeSeconds(),
        ["roles"] = roles,
    };

    public string Sign(Dictionary<string, object> claims, string alg = "RS256", object? header = null) =>
        Join(header ?? new { alg, typ = "JWT", kid = id }, claims, text => rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Hmac(Dictionary<string, object> claims, byte[] secret) => Join(new { alg = "HS256", typ = "JWT" }, claims, text => HMACSHA256.HashData(secret, text));

    public static string Unsigned(Dictionary<string, object> claims) => Join(new { alg = "none", typ = "JWT" }, claims, _ => []);

    public void Dispose() => rsa.Dispose();

    private static string Join(object header, Dictionary<string, object> claims, Func<byte[], byte[]> sign)
    {
        var text = Part(header) + "." + Part(claims);
        return text + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)));
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
