namespace AiAssignments.Onnx.Inspection;

/// <summary>A value that the file fixes.</summary>
/// <param name="Elements">How many numbers it has.</param>
/// <param name="Values">The numbers, when they are few and of a type that shapes have; <c>null</c> otherwise.</param>
internal sealed record Constant(long Elements, double[]? Values)
{
    /// <summary>More numbers than this are no shape, and are not kept.</summary>
    public const int MostValues = 64;
}
