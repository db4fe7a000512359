using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning;

/// <summary>A stored weight that can get zeros: one initializer or constant, however many selected nodes use it.</summary>
/// <param name="Label">Label of the first node that uses it.</param>
/// <param name="Source">The value that holds it.</param>
/// <param name="Tensor">Where the numbers lie.</param>
/// <param name="ReductionAxis">The axis of the stored tensor that its nodes sum over (its inputs); negative when they differ or there is none.</param>
internal sealed record PrunableWeight(string Label, GraphValue Source, TensorProto Tensor, int ReductionAxis)
{
    public long Count { get; } = TensorReader.Elements(Tensor);
}
