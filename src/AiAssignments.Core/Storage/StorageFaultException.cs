namespace AiAssignments.Core.Storage;

/// <summary>
/// A store that is reached over a network does not answer, or not just now: the call may succeed when it is made again. Workflows try again as after any lost input or output;
/// a gateway says so with 503 and when to come back. What is not going to pass is a <see cref="Errors.ProblemException"/>.
/// </summary>
/// <param name="message">What was seen; for logs, as it may name servers.</param>
/// <param name="inner">The cause.</param>
public sealed class StorageFaultException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>When to try again: as the store said, else a second.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
