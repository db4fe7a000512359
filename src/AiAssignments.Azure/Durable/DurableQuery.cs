namespace AiAssignments.Azure.Durable;

/// <summary>Which instances are asked for; all of what is given must hold.</summary>
/// <param name="CreatedFrom">Created then or later.</param>
/// <param name="CreatedTo">Created before or then.</param>
/// <param name="Prefix">The id begins so.</param>
/// <param name="Payloads">Whether input, status and output come, too.</param>
public sealed record DurableQuery(DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, string? Prefix = null, bool Payloads = false);
