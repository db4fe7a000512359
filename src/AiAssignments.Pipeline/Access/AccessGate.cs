using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Access.Rates;
using AiAssignments.Pipeline.Access.Tokens;

namespace AiAssignments.Pipeline.Access;

/// <summary>Decides who gets in: finds the caller of a request, counts it against the caller's rate, and compares scopes.</summary>
/// <param name="options">Who gets in.</param>
/// <param name="keys">The API keys.</param>
/// <param name="tokens">Verifies JWTs; <c>null</c> when none are taken.</param>
/// <param name="time">The clock.</param>
public sealed class AccessGate(AccessOptions options, ApiKeys keys, JwtVerifier? tokens, TimeProvider time)
{
    private readonly RateLimiter rates = new(time, options.MostTracked);

    /// <summary>Lets a request in.</summary>
    /// <param name="credentials">What it says about its sender.</param>
    /// <param name="needed">What the sender must be allowed.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <exception cref="ProblemException">
    /// <c>request-unauthenticated</c>: no credential, a wrong or an expired one; <c>request-forbidden</c>: one that allows too little;
    /// <c>rate-limited</c>, with the time to wait; <c>authentication-unavailable</c>: the issuer's keys cannot be had.
    /// </exception>
    public async ValueTask<Caller> AdmitAsync(Credentials credentials, AccessScope needed, CancellationToken cancellationToken)
    {
        if (!options.Required)
        {
            return Local(credentials.Address);
        }

        // What anyone may ask is answered whatever credential comes with it: a probe with an expired key is still a probe.
        if (needed == AccessScope.Anonymous)
        {
            Charge(AddressKey(credentials.Address), options.AddressLimit);
            return Caller.Anonymous;
        }

        Caller caller;
        try
        {
            caller = await IdentifyAsync(credentials, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException refused) when (refused.Problem.Code == "request-unauthenticated")
        {
            Charge(AddressKey(credentials.Address), options.AddressLimit);
            throw;
        }

        Charge(caller.Id, caller.Limit ?? options.CallerLimit);
        return caller.Scope >= needed
            ? caller
            : throw new ProblemException("request-forbidden", $"This needs the scope '{needed.Name()}'; the credential has '{caller.Scope.Name()}'.");
    }

    /// <summary>Whether someone can administrate with a key: refuse to start otherwise, since nobody could get in to make one.</summary>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <exception cref="ProblemException"><c>admin-key-missing</c>.</exception>
    public async Task EnsureAdministrableAsync(CancellationToken cancellationToken)
    {
        if (!options.Keys || options.Jwt is not null || options.AdminKeyHash is not null)
        {
            return;
        }

        var now = time.GetUtcNow();
        await foreach (var key in keys.AllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (key.Scope == AccessScope.Admin && !key.ExpiredAt(now))
            {
                return;
            }
        }

        throw new ProblemException("admin-key-missing", "API keys are asked for and there is no admin key; make one with 'aia keys create NAME --scope admin' before the start, or set AIA_ADMIN_KEY.");
    }

    private static ProblemException Unauthenticated(string message) => new("request-unauthenticated", message);

    private Caller Local(IPAddress? address)
    {
        // The start-up rule says so already; settings of the web server that go around it must not open the door.
        if (address is not null && !IPAddress.IsLoopback(address))
        {
            throw Unauthenticated("This server asks nobody for a key, so it answers this machine only.");
        }

        Charge(Caller.Local.Id, options.LocalLimit);
        return Caller.Local;
    }

    private async ValueTask<Caller> IdentifyAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        var text = TextOf(credentials);
        if (options.Keys)
        {
            if (options.AdminKeyHash is { } hash && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), hash.Span))
            {
                return new Caller("key:environment", "AIA_ADMIN_KEY", AccessScope.Admin);
            }

            if (ApiKeyText.LooksLikeKey(text))
            {
                return await KeyAsync(text, cancellationToken).ConfigureAwait(false);
            }
        }

        return tokens is not null && string.IsNullOrEmpty(credentials.ApiKey)
            ? await tokens.VerifyAsync(text, cancellationToken).ConfigureAwait(false)
            : throw Unauthenticated("The credential is not valid.");
    }

    private static string TextOf(Credentials credentials)
    {
        const string Scheme = "Bearer ";
        var hasKey = !string.IsNullOrEmpty(credentials.ApiKey);
        if (string.IsNullOrEmpty(credentials.Authorization))
        {
            return hasKey ? credentials.ApiKey! : throw Unauthenticated("A credential is needed: 'Authorization: Bearer ...' or 'X-API-Key: ...'.");
        }

        if (hasKey)
        {
            throw Unauthenticated("Two credentials were sent; send either Authorization or X-API-Key.");
        }

        return credentials.Authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? credentials.Authorization[Scheme.Length..].Trim()
            : throw Unauthenticated("The Authorization header must be 'Bearer' and a key or token.");
    }

    private async ValueTask<Caller> KeyAsync(string text, CancellationToken cancellationToken)
    {
        var key = await keys.VerifyAsync(text, cancellationToken).ConfigureAwait(false) ?? throw Unauthenticated("The credential is not valid.");
        return key.ExpiredAt(time.GetUtcNow())
            ? throw Unauthenticated($"The API key expired on {key.ExpiresAt:yyyy-MM-dd HH:mm} UTC; ask for a new one.")
            : new Caller($"key:{key.Id}", key.Name, key.Scope, key.Limit);
    }

    private void Charge(string who, RateLimit? limit)
    {
        if (limit is not null && rates.Charge(who, limit) is { } wait)
        {
            throw new ProblemException("rate-limited", string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"More than {limit.PerSecond} requests a second; wait as Retry-After says."))
            { RetryAfter = wait };
        }
    }

    // One who has an IPv6 address has 2^64 of them: the network counts.
    private static string AddressKey(IPAddress? address)
    {
        if (address is null)
        {
            return "address:";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? "address:" + Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : $"address:{address}";
    }
}
