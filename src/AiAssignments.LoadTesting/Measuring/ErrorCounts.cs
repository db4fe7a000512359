using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Measuring;

/// <summary>Failed requests by kind.</summary>
/// <param name="Status">Answered with a status that is no success.</param>
/// <param name="Connect">No connection came about.</param>
/// <param name="Timeout">Not answered in time.</param>
/// <param name="Reset">The connection ended before the answer did.</param>
/// <param name="Body">The answer was malformed, of another length than it said, or too large.</param>
public sealed record ErrorCounts(long Status, long Connect, long Timeout, long Reset, long Body)
{
    /// <summary>All.</summary>
    public long Total => Status + Connect + Timeout + Reset + Body;

    internal static ErrorCounts Of(ReadOnlySpan<long> byKind) => new(
        byKind[(int)FailureKind.Status],
        byKind[(int)FailureKind.Connect],
        byKind[(int)FailureKind.Timeout],
        byKind[(int)FailureKind.Reset],
        byKind[(int)FailureKind.Body]);
}
