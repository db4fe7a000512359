namespace AiAssignments.Bench.Table;

/// <summary>Which way a figure is better.</summary>
public enum BenchDirection
{
    /// <summary>Less is better: times, memory.</summary>
    Lower,

    /// <summary>More is better: throughput, quality.</summary>
    Higher,

    /// <summary>Neither: what was used to do more may be more.</summary>
    Neither,
}
