namespace AiAssignments.LoadTesting.Measuring;

/// <summary>How sure the estimates are; see <see cref="StabilityRule"/>.</summary>
/// <param name="Stable">Whether the rule was met.</param>
/// <param name="Batches">Batches the measured time was cut into.</param>
/// <param name="BatchSeconds">Seconds of each.</param>
/// <param name="MeanHalfWidth">Half-width of the 95 % interval of the mean latency, as a share of it; <c>null</c>: too few batches.</param>
/// <param name="P99HalfWidth">Half-width of the 95 % interval of the 99th percentile, as a share of it.</param>
public sealed record StabilityFigures(bool Stable, int Batches, int BatchSeconds, double? MeanHalfWidth, double? P99HalfWidth);
