using AiAssignments.Pipeline.Access.Rates;

namespace AiAssignments.Pipeline.Access.Keys;

/// <summary>An API key as it is stored: everything but the secret, of which only a hash is kept.</summary>
public sealed record ApiKey
{
    /// <summary>Its id, 16 hex digits; part of the key's text, so that a key is found by one point read.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, 1 to 100 characters. Hostile: encode it.</summary>
    public required string Name { get; init; }

    /// <summary>The most that it allows.</summary>
    public required AccessScope Scope { get; init; }

    /// <summary><c>sha256:</c> and the hash of the key's text, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>Hash of the text before the last rotation, while both are taken.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Until when the text before the last rotation is taken.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last rotated.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>When it ends by itself; <c>null</c>: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to five minutes; <c>null</c>: not yet.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>A rate of its own; <c>null</c>: the default one.</summary>
    public RateLimit? Limit { get; init; }

    /// <summary>Whether it has ended.</summary>
    /// <param name="now">The time.</param>
    public bool ExpiredAt(DateTimeOffset now) => ExpiresAt is { } end && end <= now;
}

/// <summary>A key just made or rotated.</summary>
/// <param name="Key">Its facts.</param>
/// <param name="Text">The key itself. Shown once; nothing can bring it back.</param>
public sealed record IssuedKey(ApiKey Key, string Text)
{
    /// <summary>Never shows the key.</summary>
    public override string ToString() => $"key {Key.Id} ({Key.Name})";
}

/// <summary>What is asked for when a key is made.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Scope">The most that it allows.</param>
/// <param name="ExpiresAt">When it ends by itself; <c>null</c>: never.</param>
/// <param name="Limit">A rate of its own; <c>null</c>: the default one.</param>
public sealed record NewKey(string Name, AccessScope Scope, DateTimeOffset? ExpiresAt = null, RateLimit? Limit = null);
