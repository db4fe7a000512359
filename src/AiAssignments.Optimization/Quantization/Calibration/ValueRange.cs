namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>Range of an activation.</summary>
/// <param name="Low">Smallest value to represent.</param>
/// <param name="High">Largest value to represent.</param>
public readonly record struct ValueRange(float Low, float High);
