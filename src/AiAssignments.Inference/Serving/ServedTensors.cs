namespace AiAssignments.Inference.Serving;

/// <summary>The outputs of one request.</summary>
/// <param name="Key">The version that answered.</param>
/// <param name="Outputs">In the order asked for.</param>
/// <param name="Timing">Where the time went.</param>
public sealed record ServedTensors(ModelKey Key, IReadOnlyList<Tensor> Outputs, ServeTiming Timing);
