namespace AiAssignments.Optimization.Pruning;

/// <summary>Zeros of one weight.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Before">Zeros that it had.</param>
/// <param name="Asked">Zeros that it should have; <c>null</c> where only the sum over all weights is asked for.</param>
/// <param name="After">Zeros that it has now, counted in what was written.</param>
internal sealed record ZeroCount(PrunableWeight Weight, long Before, long? Asked, long After);
