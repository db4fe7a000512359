using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Access.Tokens;

/// <summary>Which JWTs (RFC 7519) are taken: those of one issuer for one of these audiences, signed with one of the issuer's keys.</summary>
public sealed record JwtOptions
{
    /// <summary>The <c>iss</c> claim, exactly; for Entra ID <c>https://login.microsoftonline.com/TENANT/v2.0</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Values of <c>aud</c>, one of which must be there; for Entra ID the application's id.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The issuer's metadata; <c>null</c>: <c>ISSUER/.well-known/openid-configuration</c> (OpenID Connect Discovery 1.0).</summary>
    public string? MetadataAddress { get; init; }

    /// <summary>A file with the issuer's public keys (JWKS, RFC 7517), instead of the metadata: for a machine without a way out. Read again when it changes.</summary>
    public string? KeysFile { get; init; }

    /// <summary>How far the clocks may differ; 0 to 10 minutes. Default: 1 minute.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Values of <c>roles</c>, <c>scp</c> or <c>scope</c> that allow to read. Default: <c>aia.read</c>.</summary>
    public IReadOnlyList<string> ReadRoles { get; init; } = ["aia.read"];

    /// <summary>Values that allow to write. Default: <c>aia.write</c>.</summary>
    public IReadOnlyList<string> WriteRoles { get; init; } = ["aia.write"];

    /// <summary>Values that allow to administrate. Default: <c>aia.admin</c>.</summary>
    public IReadOnlyList<string> AdminRoles { get; init; } = ["aia.admin"];

    /// <summary>Where the keys come from when there is no file.</summary>
    public string Metadata => MetadataAddress ?? Issuer.TrimEnd('/') + "/.well-known/openid-configuration";

    /// <summary>Checks what can be checked without the network.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public JwtOptions Checked()
    {
        if (Issuer.Length == 0 || Audiences.Count == 0 || Audiences.Any(string.IsNullOrWhiteSpace))
        {
            throw Invalid("tokens need --jwt-issuer and --jwt-audience.");
        }

        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(10))
        {
            throw Invalid("the clock skew must be 0 to 10 minutes.");
        }

        if (KeysFile is not null)
        {
            return this;
        }

        // Keys fetched in the clear could be anyone's; a test's issuer on this machine is the exception.
        return Uri.TryCreate(Metadata, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? this
            : throw Invalid($"the metadata's address '{Metadata}' must be an https URL; or give the keys with --jwt-keys FILE.");
    }

    private static ProblemException Invalid(string what) => new("option-invalid", $"JWT: {what}");
}
