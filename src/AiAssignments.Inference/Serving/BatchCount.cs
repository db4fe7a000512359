namespace AiAssignments.Inference.Serving;

/// <summary>Batches of one size that a version ran.</summary>
/// <param name="Rows">Rows of each, at least 1.</param>
/// <param name="Count">How many ran to their end.</param>
/// <param name="Inference">Time in ONNX Runtime, summed.</param>
public sealed record BatchCount(int Rows, long Count, TimeSpan Inference);
