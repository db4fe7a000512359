namespace AiAssignments.Core.Errors;

/// <summary>
/// Carries a <see cref="Errors.Problem"/> up to the boundary (an endpoint, the console, a workflow's status), which shows it in one line.
/// Only for what ends an operation; a bad record is a <see cref="Datasets.RecordError"/> and does not throw.
/// </summary>
public sealed class ProblemException : Exception
{
    /// <summary>Wraps <paramref name="problem"/>.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="inner">The cause, kept for logs only.</param>
    public ProblemException(Problem problem, Exception? inner = null)
        : base(problem.ToString(), inner) => Problem = problem;

    /// <summary>Makes the problem in place.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">What was found and what is needed.</param>
    /// <param name="where">The place in the input.</param>
    public ProblemException(string code, string message, string? where = null)
        : this(new Problem(code, message, where))
    {
    }

    /// <summary>What is wrong, where, and what to do.</summary>
    public Problem Problem { get; }

    /// <summary>For a refusal that passes (a full queue, a rate limit): when to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
