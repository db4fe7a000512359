namespace AiAssignments.Evaluation.Results;

/// <summary>A metric with its confidence interval.</summary>
/// <param name="Value">The value; <c>null</c> when undefined (0/0).</param>
/// <param name="Lower">Lower end of the interval; <c>null</c> when none is given.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Method">How the interval was made: <c>wilson</c>, <c>stratified-bootstrap</c>, <c>bootstrap</c> (over sentences), <c>newcombe-paired</c>; <c>null</c> when none.</param>
public sealed record MetricEstimate(double? Value, double? Lower = null, double? Upper = null, string? Method = null);
