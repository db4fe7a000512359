namespace AiAssignments.Optimization.Quantization.Sensitivity;

/// <summary>What quantizing one layer alone does to the model's outputs.</summary>
/// <param name="Label">The node, as <see cref="NodeSelection"/> names it.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="NoiseToSignal">
/// Sum of squared differences of all floating-point outputs from the float model's, divided by the sum of squares of the latter; from 0, larger is worse.
/// </param>
/// <param name="Weights">Elements of its weight: what leaving it in float costs in size.</param>
public sealed record LayerSensitivity(string Label, string Operator, double NoiseToSignal, long Weights);
