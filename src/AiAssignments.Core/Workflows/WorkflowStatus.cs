namespace AiAssignments.Core.Workflows;

/// <summary>Run state of a workflow instance.</summary>
public enum WorkflowStatus
{
    /// <summary>Accepted, not started.</summary>
    Pending,

    /// <summary>Under way (or to be resumed after a restart).</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with a problem.</summary>
    Failed,

    /// <summary>Ended by request.</summary>
    Cancelled,
}
