using AiAssignments.Pipeline.Access.Rates;
using AiAssignments.Pipeline.Access.Tokens;

namespace AiAssignments.Pipeline.Access;

/// <summary>Who gets in, and how fast.</summary>
public sealed record AccessOptions
{
    /// <summary>API keys are taken. Default: no.</summary>
    public bool Keys { get; init; }

    /// <summary>JWTs of this issuer are taken. Default: none are.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary>SHA-256 of an admin key given by the environment, for a first start or a sealed container; <c>null</c>: none.</summary>
    public ReadOnlyMemory<byte>? AdminKeyHash { get; init; }

    /// <summary>Rate of each key or token subject without one of its own; <c>null</c>: no limit. Default: 1,000 requests/s, 2,000 at once.</summary>
    public RateLimit? CallerLimit { get; init; } = new(1000, 2000);

    /// <summary>Rate of each address without a credential, or with a wrong one; <c>null</c>: no limit. Default: 100 requests/s, 500 at once.</summary>
    public RateLimit? AddressLimit { get; init; } = new(100, 500);

    /// <summary>Rate of this machine where no credential is asked for; <c>null</c>, the default: no limit.</summary>
    public RateLimit? LocalLimit { get; init; }

    /// <summary>Most callers and addresses whose rates are tracked; those beyond it share one rate. Default: 50,000 (about 10 MB).</summary>
    public int MostTracked { get; init; } = 50_000;

    /// <summary>Origins of pages that may call from a browser (CORS), for example <c>https://app.example</c>. Default: none.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Id of the Azure Front Door that requests come through: its word for a caller's address counts, for rates. Default: none, and no header says anything about an address.</summary>
    public Guid? FrontDoorId { get; init; }

    /// <summary>Whether pages of an origin may call, because it is listed.</summary>
    /// <param name="origin">The Origin header. Hostile.</param>
    public bool Allows(string? origin) => origin is { Length: > 0 } && Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a credential is asked for.</summary>
    public bool Required => Keys || Jwt is not null;
}
