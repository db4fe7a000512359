using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Finds out whether a <c>Shape</c> tells one axis to anybody.</summary>
internal static class ShapeReads
{
    /// <summary>Whether a size may be read from a Shape node; true when that is not clear.</summary>
    public static bool Reads(OnnxModel model, GraphScope scope, NodeProto shape, int axis, int rank)
    {
        if (scope.Find(shape.Output[0]) is not { IsOutput: false } sizes)
        {
            return true;
        }

        var start = Place(shape.Whole("start", 0), rank);
        var end = Place(shape.Whole("end", rank), rank);
        return axis >= start && axis < end && sizes.Uses.Any(use => !IsExpand(use, shape) && Picks(model, use, axis - start, end - start));
    }

    /// <summary>Results of an <c>Expand</c> to the whole shape: they get the new sizes by themselves, on the same axes.</summary>
    public static IEnumerable<GraphValue> Stretched(GraphScope scope, NodeProto shape) =>
        scope.Find(shape.Output[0])!.Uses.Where(use => IsExpand(use, shape)).Select(use => use.Scope.Find(use.Node.Output[0])!);

    private static bool IsExpand(ValueUse use, NodeProto shape) => OnnxModel.Is(use.Node, "Expand") && use.Index == 1 && shape.Attribute.Count == 0;

    private static bool Picks(OnnxModel model, ValueUse use, int place, int count)
    {
        long[]? Numbers(int input) => GraphConstants.Direct(use.Scope.Find(use.Node.InputOrEmpty(input))) is { } tensor && !TensorReader.IsFloating(tensor) ? model.Tensors.Longs(tensor) : null;
        if (OnnxModel.Is(use.Node, "Gather") && use.Index == 0)
        {
            return Numbers(1) is not { } picked || picked.Any(number => Place(number, count) == place);
        }

        if (OnnxModel.Is(use.Node, "Slice") && use.Index == 0)
        {
            return Numbers(1) is not [var first] || Numbers(2) is not [var last] || (use.Node.InputOrEmpty(4).Length > 0 && Numbers(4) is not [1])
                || (place >= Place(first, count) && place < Place(last, count));
        }

        return true;
    }

    private static int Place(long at, int count) => (int)Math.Clamp(at < 0 ? at + count : at, 0, count);
}
