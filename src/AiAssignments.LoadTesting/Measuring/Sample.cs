using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Measuring;

/// <summary>One request's times, ticks of 100 ns since the start of the run, and what became of it.</summary>
/// <param name="Due">When it should have been sent.</param>
/// <param name="Sent">When it was.</param>
/// <param name="Ended">When its answer had been read, or it was given up.</param>
/// <param name="Lag">How late the generator itself was: from when it was due and could be sent (a connection was free) until it was.</param>
/// <param name="Reply">What became of it.</param>
internal readonly record struct Sample(long Due, long Sent, long Ended, long Lag, LoadReply Reply)
{
    /// <summary>From when it should have been sent to its end.</summary>
    public long Latency => Ended - Due;

    /// <summary>From when it was sent to its end.</summary>
    public long Service => Ended - Sent;

    /// <summary>
    /// Whether its times say something about how long answers take: it was answered, or waited for in vain (then they are lower bounds).
    /// What failed at once does not, or a server that refuses would look fast.
    /// </summary>
    public bool HasTimes => Reply.Failure is FailureKind.None or FailureKind.Timeout;
}
