namespace AiAssignments.LoadTesting.Capacity;

/// <summary>One run of a capacity search.</summary>
/// <param name="Stage"><c>doubling</c>, <c>bisection</c> or <c>confirmation</c>.</param>
/// <param name="Rate">Requests a second offered.</param>
/// <param name="Met">Whether the objective was met.</param>
/// <param name="Observed">The objective's value in words.</param>
/// <param name="PerSecond">Successful answers a second.</param>
/// <param name="P99">99th percentile of the latency, milliseconds; <c>null</c>: nothing was answered.</param>
/// <param name="SuccessRate">Share of requests that succeeded.</param>
/// <param name="Bottleneck">Whether the generator was the bottleneck.</param>
public sealed record CapacityProbe(string Stage, double Rate, bool Met, string Observed, double PerSecond, double? P99, double SuccessRate, bool Bottleneck);
