namespace AiAssignments.Evaluation.Results;

/// <summary>One bin of the calibration curve, by top probability.</summary>
/// <param name="Lower">Lower edge (exclusive, except the first).</param>
/// <param name="Upper">Upper edge (inclusive).</param>
/// <param name="Count">Records in it.</param>
/// <param name="MeanConfidence">Mean top probability; <c>null</c> when empty.</param>
/// <param name="Accuracy">Share of right ones; <c>null</c> when empty.</param>
public sealed record CalibrationBin(double Lower, double Upper, long Count, double? MeanConfidence, double? Accuracy);
