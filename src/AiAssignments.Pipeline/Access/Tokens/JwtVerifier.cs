using AiAssignments.Core.Errors;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AiAssignments.Pipeline.Access.Tokens;

/// <summary>
/// Verifies JWTs as RFC 8725 (best current practices) asks: a list of asymmetric algorithms (so neither <c>none</c> nor a public key used as an HMAC secret),
/// keys only from the issuer's metadata or file (never from the token's own header), issuer, audience and times required.
/// </summary>
public sealed class JwtVerifier : IDisposable
{
    private const int LongestToken = 16 * 1024;

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };
    private readonly JwtOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient? http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? metadata;
    private readonly TokenValidationParameters parameters;

    /// <summary>Opens the file of keys, or prepares to fetch the metadata at the first token (and again every 12 hours, and when a key is unknown).</summary>
    /// <param name="options">Which tokens are taken.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>; <c>jwks-invalid</c>.</exception>
    public JwtVerifier(JwtOptions options, TimeProvider time)
    {
        this.options = options.Checked();
        this.time = time;
        parameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudiences = options.Audiences,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            TryAllIssuerSigningKeys = true,
            LifetimeValidator = IsTimely,
        };
        if (options.KeysFile is { } path)
        {
            var file = new JwksFile(path, time);
            parameters.IssuerSigningKeyResolver = (_, _, _, _) => file.Keys;
            return;
        }

        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = 1 << 20,
        };
        var secure = new Uri(options.Metadata).Scheme == Uri.UriSchemeHttps;
        metadata = new ConfigurationManager<OpenIdConnectConfiguration>(
            options.Metadata, new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(http) { RequireHttps = secure });
        parameters.ConfigurationManager = metadata;
    }

    /// <summary>The caller that a token names.</summary>
    /// <param name="token">The token as sent.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>request-unauthenticated</c>; <c>authentication-unavailable</c>: the issuer's keys cannot be had.</exception>
    public async ValueTask<Caller> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > LongestToken || token.Count('.') != 2)
        {
            throw Refused("it is not a signed JWT");
        }

        if (metadata is not null)
        {
            try
            {
                // Remembered after the first time. Without it the handler would say that the token's key is unknown, and a good token would look like a bad one.
                await metadata.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is InvalidOperationException or IOException or HttpRequestException)
            {
                throw new ProblemException(new Problem("authentication-unavailable", "The token's issuer cannot be asked for its keys at the moment; try again."), error)
                {
                    RetryAfter = TimeSpan.FromSeconds(5),
                };
            }
        }

        var result = await handler.ValidateTokenAsync(token, parameters).WaitAsync(cancellationToken).ConfigureAwait(false);
        return result.IsValid ? CallerOf((JsonWebToken)result.SecurityToken) : throw Refused(Reason(result.Exception));
    }

    /// <inheritdoc />
    public void Dispose() => http?.Dispose();

    private static ProblemException Refused(string reason) => new("request-unauthenticated", $"The token was refused: {reason}.");

    // What is wrong, but never what would have been right.
    private static string Reason(Exception? error) => error switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException => "its time is past or not yet come",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        SecurityTokenInvalidAlgorithmException => "its algorithm is not allowed",
        SecurityTokenSignatureKeyNotFoundException => "its key is unknown",
        _ => "its signature is not valid",
    };

    private bool IsTimely(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters _)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && end + options.ClockSkew > now && (notBefore is null || notBefore <= now + options.ClockSkew);
    }

    private Caller CallerOf(JsonWebToken token)
    {
        var granted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in token.Claims)
        {
            if (claim.Type is "roles")
            {
                granted.Add(claim.Value);
            }
            else if (claim.Type is "scp" or "scope")
            {
                // RFC 8693, section 4.2: a list separated by blanks.
                granted.UnionWith(claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        var scope = options.AdminRoles.Any(granted.Contains) ? AccessScope.Admin
            : options.WriteRoles.Any(granted.Contains) ? AccessScope.Write
            : options.ReadRoles.Any(granted.Contains) ? AccessScope.Read
            : AccessScope.Anonymous;
        var subject = Text(token, "oid") ?? Text(token, "sub") ?? Text(token, "azp") ?? Text(token, "appid") ?? throw Refused("it names no subject");
        return new Caller($"jwt:{subject}", Text(token, "preferred_username") ?? Text(token, "name") ?? subject, scope);
    }

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && value is { Length: > 0 and <= 256 } ? value : null;
}
