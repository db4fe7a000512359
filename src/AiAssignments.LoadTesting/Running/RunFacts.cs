namespace AiAssignments.LoadTesting.Running;

/// <summary>What a run knows of itself when it has ended.</summary>
/// <param name="StartedAt">When the measured time began.</param>
/// <param name="Measured">Its length, ticks.</param>
/// <param name="Ended">Why it ended.</param>
/// <param name="Answered">Successful answers of each second, those to requests of the warm-up included.</param>
/// <param name="Processor">Share of the processors used.</param>
/// <param name="ThreadDelay">99th percentile of the delay of threads, milliseconds.</param>
internal sealed record RunFacts(DateTimeOffset StartedAt, long Measured, string Ended, IReadOnlyList<long> Answered, double Processor, double ThreadDelay);
