namespace AiAssignments.Core.Workflows;

/// <summary>How often and how fast a failed activity is tried again. A <see cref="Errors.ProblemException"/> is final and never retried, unless its code is in <paramref name="RetriedCodes"/>.</summary>
/// <param name="MaxAttempts">All tries, the first included; 1..100.</param>
/// <param name="FirstDelay">Wait before the second try.</param>
/// <param name="BackoffCoefficient">Factor on the wait from try to try; 1 or more.</param>
/// <param name="MaxDelay">Longest wait.</param>
/// <param name="RetriedCodes">Problem codes that are passing faults, for example <c>storage-locked</c>.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan FirstDelay, double BackoffCoefficient, TimeSpan MaxDelay, IReadOnlyList<string>? RetriedCodes = null)
{
    /// <summary>4 tries, 1 s, doubled, at most 30 s; <c>storage-locked</c> and <c>storage-busy</c> are retried.</summary>
    public static RetryPolicy Default { get; } = new(4, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30), ["storage-locked", "storage-busy"]);
}
