namespace AiAssignments.LoadTesting.Measuring;

/// <summary>How long answers took, milliseconds. Percentiles come from an HDR histogram of three digits; average, least and greatest are exact.</summary>
/// <param name="Samples">Requests behind the figures: those answered, and those waited for until their time was up (with that time, a lower bound).</param>
/// <param name="Average">Arithmetic mean.</param>
/// <param name="Median">50th percentile.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
public sealed record LatencyFigures(long Samples, double Average, double Median, double Min, double Max, double P90, double P95, double P99, double P999);
