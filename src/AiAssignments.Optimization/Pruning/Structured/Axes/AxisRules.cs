using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Where the units on one axis of a node lie on its other inputs and outputs.</summary>
internal static class AxisRules
{
    private const string Unknown = "a shape on the way of its outputs is not known";

    /// <summary>Fills <see cref="NodeAxes.Ports"/> and the rest.</summary>
    /// <returns>Why the units cannot be followed, as the end of a sentence; <c>null</c> when they can.</returns>
    public static string? Apply(NodeAxes node, Port from)
    {
        var type = node.Node.OpType;
        if (node.Node.Domain == "com.microsoft" && OperatorSets.RuntimeUnary.Contains(type))
        {
            return Same(node, from);
        }

        if (!OnnxModel.Is(node.Node, type))
        {
            return $"its outputs reach an operator that is not known here ({node.Node.Domain}.{type})";
        }

        if (type != "Split" && Enumerable.Range(1, Math.Max(node.Node.Output.Count - 1, 0)).Any(at => node.Value(true, at) is { } value && (value.Uses.Count > 0 || value.IsOutput)))
        {
            return $"its outputs reach an operator with several results ({type})";
        }

        return type switch
        {
            "Conv" => ConvolutionRules.Convolution(node, from),
            "ConvTranspose" => ConvolutionRules.Transposed(node, from),
            "MatMul" => ProductRules.MatMul(node, from),
            "Gemm" => ProductRules.Gemm(node, from),
            "BatchNormalization" => Normalized(node, from, 4),
            "InstanceNormalization" => Normalized(node, from, 2),
            "LayerNormalization" => node.Rank(from) is { } rank ? Before(node, from, node.AxisOf(-1, rank)) : Unknown,
            "Reshape" => ReshapeRules.Reshape(node, from),
            "Flatten" => ReshapeRules.Flatten(node, from),
            "Transpose" => LayoutRules.Transpose(node, from),
            "Squeeze" => LayoutRules.Squeeze(node, from),
            "Unsqueeze" => LayoutRules.Unsqueeze(node, from),
            "Concat" or "Split" => LayoutRules.Joined(node, from),
            "Slice" => LayoutRules.Slice(node, from),
            "Pad" => LayoutRules.Pad(node, from),
            "Gather" => LayoutRules.Gather(node, from),
            "Expand" => LayoutRules.Expand(node, from),
            _ when OperatorSets.Unary.Contains(type) => Same(node, from),
            _ when OperatorSets.Broadcasting.Contains(type) => Broadcast(node, from),
            _ when OperatorSets.Pools.Contains(type) => from.Axis <= 1 ? Same(node, from) : "its outputs are pooled together",
            _ when OperatorSets.Reductions.Contains(type) => LayoutRules.Reduce(node, from),
            _ when OperatorSets.Softmaxes.Contains(type) => Softmax(node, from),
            _ => $"its outputs reach an operator that they are not followed through ({type})",
        };
    }

    private static string? Same(NodeAxes node, Port from) =>
        from.IsOutput || from.Index == 0 ? node.Link(Port.In(0, from.Axis), Port.Out(from.Axis)) : "its outputs are bounds or rates of others";

    private static string? Normalized(NodeAxes node, Port from, int parameters)
    {
        if (from.Axis != 1 || (!from.IsOutput && from.Index != 0) || node.Node.Whole("training_mode", 0) != 0)
        {
            return "its outputs are normalized over";
        }

        for (var at = 1; at <= parameters; at++)
        {
            node.Link(Port.In(at, 0));
        }

        return node.Link(Port.In(0, 1), Port.Out(1));
    }

    private static string? Softmax(NodeAxes node, Port from)
    {
        if (node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        // Before operator set 13 all axes from the given one on are one.
        var isOld = node.Model.Opset < 13;
        var axis = node.AxisOf(isOld ? 1 : -1, rank);
        return isOld ? Before(node, from, axis) : from.Axis != axis ? Same(node, from) : "its outputs are normalized over";
    }

    private static string? Before(NodeAxes node, Port from, int axis) => from.Axis < axis ? Same(node, from) : "its outputs are normalized over";

    private static string? Broadcast(NodeAxes node, Port from)
    {
        if (node.Dims(true, 0) is not { } output || node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var axis = from.Axis + output.Count - rank;
        node.Link(Port.Out(axis));
        for (var at = 0; at < node.Node.Input.Count; at++)
        {
            if (node.Dims(false, at) is not { } dims)
            {
                return Unknown;
            }

            // A size of 1 is stretched over all units.
            var own = axis - output.Count + dims.Count;
            if (own >= 0 && dims[own] < 0)
            {
                return Unknown;
            }

            if (own >= 0 && dims[own] != 1)
            {
                node.Link(Port.In(at, own));
            }
        }

        return null;
    }
}
