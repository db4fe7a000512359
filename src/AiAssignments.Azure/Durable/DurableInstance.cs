namespace AiAssignments.Azure.Durable;

/// <summary>An instance as the task hub knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name of the orchestration.</param>
/// <param name="Status">Its state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Input">JSON of its input.</param>
/// <param name="CustomStatus">JSON of its custom status.</param>
/// <param name="Output">JSON of its result.</param>
/// <param name="Failure">Message of what it failed for.</param>
public sealed record DurableInstance(
    string Id,
    string Name,
    DurableStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Input = null,
    string? CustomStatus = null,
    string? Output = null,
    string? Failure = null)
{
    /// <summary>Whether nothing more happens to it.</summary>
    public bool Ended => Status is DurableStatus.Completed or DurableStatus.Failed or DurableStatus.Terminated;
}

/// <summary>Run state of an instance, by the names of Durable Functions.</summary>
public enum DurableStatus
{
    /// <summary>Accepted.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Halted by an operator.</summary>
    Suspended,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with an exception.</summary>
    Failed,

    /// <summary>Ended by request.</summary>
    Terminated,
}
