namespace AiAssignments.Core.Jobs;

/// <summary>Knows the last state of jobs that nobody has told about lately, for example those that ended before this process started.</summary>
public interface IProgressSource
{
    /// <summary>The job's state, or <c>null</c> when there is no such job.</summary>
    /// <param name="jobId">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<KnownProgress?> FindAsync(string jobId, CancellationToken cancellationToken);
}

/// <summary>How far a job had come, and when.</summary>
/// <param name="Progress">How far.</param>
/// <param name="At">When that was.</param>
public sealed record KnownProgress(JobProgress Progress, DateTimeOffset At);
