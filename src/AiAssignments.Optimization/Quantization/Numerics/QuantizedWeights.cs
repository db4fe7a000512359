namespace AiAssignments.Optimization.Quantization.Numerics;

/// <summary>Weights as 8-bit integers: <c>value = (q - zeroPoint) * scale</c>.</summary>
/// <param name="Values">Row-major; bits of int8 when <paramref name="IsSigned"/>, else uint8.</param>
/// <param name="Scales">One, or one for each channel. Positive.</param>
/// <param name="ZeroPoints">As many as scales, of the same type as the values.</param>
/// <param name="IsSigned">int8 or uint8.</param>
public sealed record QuantizedWeights(byte[] Values, float[] Scales, byte[] ZeroPoints, bool IsSigned);
