using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Products of matrices: rows of the first factor, columns of the second, what is summed over, and batches of both.</summary>
internal static class ProductRules
{
    private const string Unknown = "a shape on the way of its outputs is not known";

    public static string? MatMul(NodeAxes node, Port from)
    {
        if (node.Dims(false, 0) is not { Count: >= 2 } left || node.Dims(false, 1) is not { Count: >= 2 } right || node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var (output, last) = (Math.Max(left.Count, right.Count), rank - from.Axis);
        if (last > 2)
        {
            node.Link(Port.Out(output - last));
            return Batch(node, 0, left, last) ?? Batch(node, 1, right, last);
        }

        return (from.IsOutput, from.Index, last) switch
        {
            (true, _, 1) or (false, 1, 1) => node.Link(Port.Out(output - 1), Port.In(1, right.Count - 1, SlotRole.Makes)),
            (true, _, 2) or (false, 0, 2) => node.Link(Port.Out(output - 2), Port.In(0, left.Count - 2, SlotRole.Makes)),
            _ => node.Link(Port.In(0, left.Count - 1, SlotRole.Takes), Port.In(1, right.Count - 2, SlotRole.Takes)),
        };
    }

    public static string? Gemm(NodeAxes node, Port from)
    {
        var isLeftTurned = node.Node.Whole("transA", 0) != 0;
        var isRightTurned = node.Node.Whole("transB", 0) != 0;
        var summand = node.Node.InputOrEmpty(2).Length > 0 ? node.Dims(false, 2) : [];
        if (summand is null)
        {
            return Unknown;
        }

        var isRow = from.IsOutput ? from.Axis == 0 : from.Index switch
        {
            0 => from.Axis == (isLeftTurned ? 1 : 0),
            2 => summand.Count == 2 && from.Axis == 0,
            _ => false,
        };
        var isColumn = from.IsOutput ? from.Axis == 1 : from.Index switch
        {
            1 => from.Axis == (isRightTurned ? 0 : 1),
            2 => from.Axis == summand.Count - 1,
            _ => false,
        };
        if (isColumn)
        {
            node.Link(Port.Out(1), Port.In(1, isRightTurned ? 0 : 1, SlotRole.Makes));
            return summand.Count > 0 ? Summand(node, summand[^1], summand.Count - 1) : null;
        }

        if (isRow)
        {
            node.Link(Port.Out(0), Port.In(0, isLeftTurned ? 1 : 0, SlotRole.Makes));
            return summand.Count > 1 ? Summand(node, summand[0], 0) : null;
        }

        return node.Link(Port.In(0, isLeftTurned ? 0 : 1, SlotRole.Takes), Port.In(1, isRightTurned ? 1 : 0, SlotRole.Takes));
    }

    private static string? Batch(NodeAxes node, int input, IReadOnlyList<int> dims, int last) =>
        dims.Count < last || dims[^last] == 1 ? null
        : dims[^last] < 0 ? Unknown
        : node.Link(Port.In(input, dims.Count - last));

    private static string? Summand(NodeAxes node, int size, int axis) => size < 0 ? Unknown : size == 1 ? null : node.Link(Port.In(2, axis));
}
