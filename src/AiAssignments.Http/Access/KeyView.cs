using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;

namespace AiAssignments.Http.Access;

/// <summary>A key as the API shows it: without its hash.</summary>
internal sealed record KeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    string? Key,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? PreviousUntil,
    double? RequestsPerSecond,
    int? Burst)
{
    public static KeyView Of(ApiKey key, string? text = null) => new(
        key.Id,
        key.Name,
        AccessScopes.Including(key.Scope),
        text,
        key.CreatedAt,
        key.RotatedAt,
        key.ExpiresAt,
        key.LastUsedAt,
        key.PreviousUntil,
        key.Limit?.PerSecond,
        key.Limit?.Burst);
}

/// <summary>Body of <c>POST /api/keys</c>.</summary>
internal sealed record KeyRequest(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null, double? RequestsPerSecond = null, int? Burst = null);
