namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>One run's inputs.</summary>
/// <param name="Tensors">One for each input of the model.</param>
public sealed record CalibrationBatch(IReadOnlyList<CalibrationTensor> Tensors);
