namespace AiAssignments.LoadTesting.Capacity;

/// <summary>The highest rate that meets an objective, as far as it was found.</summary>
/// <param name="Objective">As it was asked for: <c>p99&lt;50ms</c>.</param>
/// <param name="Rate">The highest confirmed rate, requests a second; <c>null</c>: not even the lowest tried was.</param>
/// <param name="Ended">Why the search ended: <c>found</c>, <c>limit</c> (the highest rate that may be offered meets it), <c>generator</c> (the generator was the bottleneck first), <c>none</c>, <c>unconfirmed</c> or <c>interrupted</c>.</param>
/// <param name="Reading">It in a sentence.</param>
/// <param name="Probes">Every run, in order.</param>
public sealed record CapacityResult(string Objective, double? Rate, string Ended, string Reading, IReadOnlyList<CapacityProbe> Probes);
