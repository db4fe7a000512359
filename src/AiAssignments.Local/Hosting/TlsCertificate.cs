using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiAssignments.Core.Errors;

namespace AiAssignments.Local.Hosting;

/// <summary>
/// The certificate of <c>https</c> addresses, from Kestrel's own settings <c>Kestrel:Certificates:Default:*</c>: <c>Path</c> (.pfx, or .pem with <c>KeyPath</c>) and <c>Password</c>.
/// Looked at before anything starts, so that what is wrong with it is one line.
/// </summary>
internal static class TlsCertificate
{
    private const string Section = "Kestrel:Certificates:Default:";

    /// <summary>Checks that there is one that can be served with. A path is taken from the current folder, as every other one on the command line is; Kestrel would take it from the program's.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static void Require(IConfiguration configuration)
    {
        if (configuration[Section + "Path"] is not { Length: > 0 } given)
        {
            // One of the operating system's store, which Kestrel looks up.
            if (configuration[Section + "Subject"] is { Length: > 0 })
            {
                return;
            }

            throw new ProblemException(
                "option-invalid",
                $"--urls has an https address and no certificate is named; give --{Section}Path FILE (.pfx, or .pem with --{Section}KeyPath FILE), and its password in the environment as Kestrel__Certificates__Default__Password.");
        }

        var path = Absolute(configuration, "Path", given);
        var keyPath = configuration[Section + "KeyPath"] is { Length: > 0 } key ? Absolute(configuration, "KeyPath", key) : null;
        try
        {
            using var certificate = Load(path, keyPath, configuration[Section + "Password"]);
            if (!certificate.HasPrivateKey)
            {
                throw new ProblemException("option-invalid", $"The certificate has no private key; name it with --{Section}KeyPath FILE.", path);
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProblemException(new Problem("option-invalid", $"The certificate cannot be read: {error.Message}", path), error);
        }
    }

    private static string Absolute(IConfiguration configuration, string name, string path) => configuration[Section + name] = Path.GetFullPath(path);

    private static X509Certificate2 Load(string path, string? keyPath, string? password) =>
        keyPath is not null
            ? password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath)
            : X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : X509CertificateLoader.LoadCertificateFromFile(path);
}
