namespace AiAssignments.Optimization.Quantization.Numerics;

/// <summary>How weights become 8-bit integers.</summary>
/// <param name="IsSymmetric"><c>true</c>: int8 around zero point 0; <c>false</c>: uint8 with a zero point, so that the whole range from smallest to largest is used.</param>
/// <param name="IsPerChannel">A scale (and zero point) for each output channel, or one for the tensor.</param>
/// <param name="IsReduced">7 bits: int8 from -64 to 64, uint8 from 0 to 127.</param>
public sealed record WeightFormat(bool IsSymmetric, bool IsPerChannel, bool IsReduced);
