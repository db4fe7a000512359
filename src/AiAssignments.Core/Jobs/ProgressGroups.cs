namespace AiAssignments.Core.Jobs;

/// <summary>Names of the groups that a client joins over WebSocket.</summary>
public static class ProgressGroups
{
    /// <summary>All jobs' progress.</summary>
    public const string Jobs = "jobs";

    /// <summary>Metrics ticks, one a second.</summary>
    public const string Metrics = "metrics";

    /// <summary>One job's progress.</summary>
    /// <param name="jobId">Its id.</param>
    public static string Job(string jobId) => $"job:{jobId}";
}
