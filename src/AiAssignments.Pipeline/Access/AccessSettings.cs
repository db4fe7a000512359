using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Access.Rates;
using AiAssignments.Pipeline.Access.Tokens;

namespace AiAssignments.Pipeline.Access;

/// <summary>
/// Reads <see cref="AccessOptions"/> from settings. Names, as on the command line; in the environment <c>AIA_</c>, upper case and <c>_</c>:
/// <c>auth</c> (<c>keys</c>, <c>jwt</c>, <c>keys,jwt</c>, <c>none</c>), <c>admin-key</c> (environment only), <c>admin-key-hash</c> (instead: the SHA-256 of the key, 64 hexadecimal digits, where settings are seen by others), <c>jwt-issuer</c>, <c>jwt-audience</c>, <c>jwt-metadata</c>, <c>jwt-keys</c>,
/// <c>jwt-clock-skew</c> (s), <c>jwt-read-roles</c>, <c>jwt-write-roles</c>, <c>jwt-admin-roles</c>, <c>rate-limit</c>, <c>anonymous-rate-limit</c>, <c>local-rate-limit</c>
/// (<c>PER_SECOND</c> or <c>PER_SECOND/BURST</c>, or <c>off</c>), <c>cors-origins</c>, <c>front-door-id</c> (a GUID). Lists are separated by commas.
/// </summary>
public static class AccessSettings
{
    private const int ShortestAdminKey = 32;

    /// <summary>Reads the settings and holds them against where the server listens.</summary>
    /// <param name="setting">A setting's text by its name, for example <c>auth</c>; <c>null</c> when it is not given.</param>
    /// <param name="adminKey">The environment's <c>AIA_ADMIN_KEY</c>; never from a command line, which others on the machine can read.</param>
    /// <param name="loopback">Whether the server listens on loopback addresses only.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>; <c>address-not-loopback</c>: others can reach it and nobody is asked for a credential.</exception>
    public static AccessOptions Read(Func<string, string?> setting, string? adminKey, bool loopback)
    {
        var (keys, jwt) = Modes(setting("auth"));
        if (!keys && !jwt && !loopback)
        {
            throw new ProblemException(
                "address-not-loopback", "Others can reach the address that is listened on, so a credential must be asked for: start with --auth keys, --auth jwt or --auth keys,jwt; or listen on 127.0.0.1 or localhost.");
        }

        var defaults = new AccessOptions();
        return new AccessOptions
        {
            Keys = keys,
            Jwt = jwt ? Tokens(setting).Checked() : null,
            AdminKeyHash = !keys ? null : adminKey is { Length: > 0 } ? AdminKey(adminKey) : setting("admin-key-hash") is { Length: > 0 } hash ? HashOf(hash) : default(ReadOnlyMemory<byte>?),
            CallerLimit = Rate(setting, "rate-limit", defaults.CallerLimit),
            AddressLimit = Rate(setting, "anonymous-rate-limit", defaults.AddressLimit),
            LocalLimit = Rate(setting, "local-rate-limit", defaults.LocalLimit),
            Origins = [.. List(setting("cors-origins")).Select(Origin)],
            FrontDoorId = setting("front-door-id") is not { Length: > 0 } door ? null
                : Guid.TryParseExact(door, "D", out var id) ? id
                : throw Invalid("front-door-id", door, "the id of an Azure Front Door, a GUID"),
        };
    }

    private static (bool Keys, bool Jwt) Modes(string? auth)
    {
        var modes = List(auth);
        return modes switch
        {
            [] or ["none"] => (false, false),
            _ when modes.All(mode => mode is "keys" or "jwt") => (modes.Contains("keys"), modes.Contains("jwt")),
            _ => throw Invalid("auth", auth!, "keys, jwt, both separated by a comma, or none"),
        };
    }

    private static JwtOptions Tokens(Func<string, string?> setting)
    {
        var defaults = new JwtOptions { Issuer = setting("jwt-issuer") ?? string.Empty, Audiences = List(setting("jwt-audience")) };
        return defaults with
        {
            MetadataAddress = setting("jwt-metadata") is { Length: > 0 } metadata ? metadata : null,
            KeysFile = setting("jwt-keys") is { Length: > 0 } file ? file : null,
            ClockSkew = setting("jwt-clock-skew") is { Length: > 0 } skew ? Seconds("jwt-clock-skew", skew) : defaults.ClockSkew,
            ReadRoles = setting("jwt-read-roles") is { Length: > 0 } read ? List(read) : defaults.ReadRoles,
            WriteRoles = setting("jwt-write-roles") is { Length: > 0 } write ? List(write) : defaults.WriteRoles,
            AdminRoles = setting("jwt-admin-roles") is { Length: > 0 } admin ? List(admin) : defaults.AdminRoles,
        };
    }

    private static ReadOnlyMemory<byte> AdminKey(string key) => key.Length >= ShortestAdminKey
        ? SHA256.HashData(Encoding.UTF8.GetBytes(key))
        : throw new ProblemException("option-invalid", $"AIA_ADMIN_KEY has {key.Length} characters; at least {ShortestAdminKey} random ones are needed, for example of: openssl rand -hex 32");

    // Not quoted: it may be the key itself, put there by mistake.
    private static ReadOnlyMemory<byte> HashOf(string text) => text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(text)
        : throw new ProblemException("option-invalid", "AIA_ADMIN_KEY_HASH must be the SHA-256 of a key of 32 random characters and more: 64 hexadecimal digits.");

    private static RateLimit? Rate(Func<string, string?> setting, string name, RateLimit? otherwise)
    {
        if (setting(name) is not { Length: > 0 } text)
        {
            return otherwise;
        }

        if (text == "off")
        {
            return null;
        }

        var parts = text.Split('/');
        return parts.Length <= 2
            && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perSecond)
            && int.TryParse(parts.Length == 2 ? parts[1] : Math.Ceiling(2 * perSecond).ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var burst)
                ? new RateLimit(perSecond, Math.Max(1, burst)).Checked($"--{name}")
                : throw Invalid(name, text, "PER_SECOND, PER_SECOND/BURST or off");
    }

    private static string Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && origin.GetLeftPart(UriPartial.Authority) == text.TrimEnd('/')
            ? text.TrimEnd('/')
            : throw Invalid("cors-origins", text, "origins like https://app.example, separated by commas; '*' is not taken");

    private static TimeSpan Seconds(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : throw Invalid(name, text, "a number of seconds");

    private static string[] List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static ProblemException Invalid(string name, string text, string needed) =>
        new("option-invalid", $"--{name} is '{(text.Length > 100 ? text[..100] : text)}'; it must be {needed}.");
}
