namespace AiAssignments.LoadTesting.Transports;

/// <summary>Why a request failed.</summary>
public enum FailureKind
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>It was answered, with a status that does not count as success.</summary>
    Status,

    /// <summary>No connection came about.</summary>
    Connect,

    /// <summary>It was not answered in time.</summary>
    Timeout,

    /// <summary>The connection ended before the answer did.</summary>
    Reset,

    /// <summary>The answer was malformed, of another length than it said, or too large.</summary>
    Body,
}
