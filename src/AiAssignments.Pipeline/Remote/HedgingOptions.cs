namespace AiAssignments.Pipeline.Remote;

/// <summary>When a second server is asked beside a slow one (Dean and Barroso, "The Tail at Scale", CACM 2013). The first answer wins, the other attempt is given up.</summary>
public sealed record HedgingOptions
{
    /// <summary>Fixed wait before the second attempt; <c>null</c>, the default: by <see cref="Percentile"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Share of the latest answers that were faster than the wait, 0.5 to below 1. Default 0.95. Before there are 32 answers nothing is hedged.</summary>
    public double Percentile { get; init; } = 0.95;

    /// <summary>Most second attempts as a share of all requests, above 0 to 1, so that slow servers are not loaded twice. Default 0.1.</summary>
    public double Share { get; init; } = 0.1;
}
