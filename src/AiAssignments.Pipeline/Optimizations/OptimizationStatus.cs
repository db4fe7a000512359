namespace AiAssignments.Pipeline.Optimizations;

/// <summary>What a status request sees of a running optimization.</summary>
/// <param name="Stage"><c>scoring</c>, <c>passing</c>, <c>ranking</c>, <c>measuring</c>, <c>reporting</c>, <c>completed</c>.</param>
/// <param name="Attempt">Which candidate is being tried, from 1.</param>
/// <param name="Candidate">The candidate, as <c>name@version</c>, once there is one.</param>
/// <param name="Done">Steps done: the old version scored, a candidate made, scored, measured, reported. Another attempt begins at the second again.</param>
/// <param name="Total">Steps in all.</param>
public sealed record OptimizationStatus(string Stage, int Attempt, string? Candidate, int Done, int Total = 5);
