using AiAssignments.Core.Errors;
using Microsoft.IdentityModel.Tokens;

namespace AiAssignments.Pipeline.Access.Tokens;

/// <summary>Public keys in a JWKS file, read again when it changes (looked at every five seconds at most).</summary>
internal sealed class JwksFile
{
    private const long LargestFile = 1 << 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly string path;
    private readonly TimeProvider time;
    private readonly Lock reading = new();
    private IReadOnlyList<SecurityKey> keys;
    private DateTime written;
    private long lookedAt;

    public JwksFile(string path, TimeProvider time)
    {
        this.path = path;
        this.time = time;
        written = File.GetLastWriteTimeUtc(path);
        keys = Read(path);
        lookedAt = time.GetTimestamp();
    }

    public IReadOnlyList<SecurityKey> Keys
    {
        get
        {
            lock (reading)
            {
                if (time.GetElapsedTime(lookedAt) >= LookEvery)
                {
                    lookedAt = time.GetTimestamp();
                    Refresh();
                }

                return keys;
            }
        }
    }

    private void Refresh()
    {
        try
        {
            var now = File.GetLastWriteTimeUtc(path);
            if (now != written)
            {
                keys = Read(path);
                written = now;
            }
        }
        catch (ProblemException)
        {
            // Being written: the keys so far are good until it is whole.
        }
    }

    private static List<SecurityKey> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                throw new ProblemException("jwks-invalid", $"The file has more than {LargestFile} bytes; a JWKS has a few keys.", path);
            }

            var found = new JsonWebKeySet(File.ReadAllText(path)).GetSigningKeys().Where(IsPublic).ToList();
            return found.Count > 0
                ? found
                : throw new ProblemException("jwks-invalid", "The file has no RSA key (2048 bits or more) nor elliptic curve key for signatures.", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or System.Text.Json.JsonException)
        {
            throw new ProblemException(new Problem("jwks-invalid", $"The file with the issuer's keys (JWKS) cannot be read: {error.Message}", path), error);
        }
    }

    /// <summary>A symmetric key has no place where only public ones are: with it, whoever reads the file can sign.</summary>
    public static bool IsPublic(SecurityKey key) => key switch
    {
        RsaSecurityKey => key.KeySize >= 2048,
        ECDsaSecurityKey => true,
        JsonWebKey web => web.Kty is JsonWebAlgorithmsKeyTypes.EllipticCurve || (web.Kty is JsonWebAlgorithmsKeyTypes.RSA && web.KeySize >= 2048),
        X509SecurityKey => key.KeySize >= 256,
        _ => false,
    };
}
