namespace AiAssignments.Azure.Durable;

/// <summary>Why an instance was ended, as the task hub keeps it.</summary>
internal static class DurableReasons
{
    /// <summary>Somebody asked for its end.</summary>
    public const string Asked = "It was asked to stop.";

    /// <summary>The workflow that it was done for was cancelled, and nobody else was known to want it.</summary>
    public const string Went = "It went with the workflow that waited for it.";

    /// <summary>Whether an instance went so. Hubs write the reason as JSON, each in its way.</summary>
    public static bool HasGone(DurableInstance instance) =>
        instance is { Status: DurableStatus.Terminated, Output: { } reason } && reason.Contains(Went, StringComparison.Ordinal);
}
