namespace AiAssignments.Pipeline.Gateway;

/// <summary>An answer that is given again to the same request.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Location">Path of what was made or started.</param>
/// <param name="Body">The body, JSON; <c>null</c> for none.</param>
public sealed record KeptAnswer(int Status, string? Location, string? Body);
