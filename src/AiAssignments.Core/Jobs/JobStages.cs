namespace AiAssignments.Core.Jobs;

/// <summary>Names of the stages that end a job.</summary>
public static class JobStages
{
    /// <summary>It ended well.</summary>
    public const string Completed = "completed";

    /// <summary>It ended with a problem.</summary>
    public const string Failed = "failed";

    /// <summary>It was stopped by a user.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A dataset was taken in.</summary>
    public const string Staged = "staged";

    /// <summary>Whether nothing comes after it, unless the job is asked for again.</summary>
    /// <param name="stage">A stage's name.</param>
    public static bool IsEnd(string stage) => stage is Completed or Failed or Cancelled or Staged;
}
