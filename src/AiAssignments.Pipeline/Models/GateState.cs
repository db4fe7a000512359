namespace AiAssignments.Pipeline.Models;

/// <summary>What the gate said of a version that an optimization made.</summary>
public enum GateState
{
    /// <summary>Not judged yet: kept, not served.</summary>
    Candidate,

    /// <summary>Within the stated loss: may be served and promoted.</summary>
    Accepted,

    /// <summary>Beyond it: kept for inspection, not served.</summary>
    Refused,
}
