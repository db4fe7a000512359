namespace AiAssignments.Azure.Durable;

/// <summary>Names of the functions that the adapter itself needs beside those of the registered workflows and activities.</summary>
public static class DurableNames
{
    /// <summary>The orchestration that runs a share of a wide fan-out.</summary>
    public const string FanOut = "FanOut";

    /// <summary>The activity that starts a workflow under an id of its own, or looks how it is doing.</summary>
    public const string Join = "JoinWorkflow";
}
