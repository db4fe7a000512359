namespace AiAssignments.Bench.Table;

/// <summary>Under what a figure was measured.</summary>
/// <param name="Load">For a person; <c>null</c> where that is no question.</param>
/// <param name="Samples">Answers or runs behind it; <c>null</c>: it is no statistic of many.</param>
/// <param name="LoadShare">The load by the one that was wished for, up to 1; <c>null</c>: nothing was wished for.</param>
/// <param name="Basis">What exactly was measured, where two tables could mean different things by one name.</param>
internal sealed record BenchConditions(string? Load = null, long? Samples = null, double? LoadShare = null, string? Basis = null);
