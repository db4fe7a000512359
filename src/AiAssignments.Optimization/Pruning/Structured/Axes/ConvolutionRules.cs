using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Convolutions: the channels that they take, and those that they make.</summary>
internal static class ConvolutionRules
{
    private const string Elsewhere = "its outputs are places of an image or filters";

    public static string? Convolution(NodeAxes node, Port from)
    {
        if (from.Axis != 1 || (!from.IsOutput && from.Index != 0))
        {
            return Elsewhere;
        }

        var groups = node.Node.Whole("group", 1);
        if (groups == 1)
        {
            return from.IsOutput
                ? node.Link(from, Port.In(1, 0, SlotRole.Makes), Port.In(2, 0))
                : node.Link(from, Port.In(1, 1, SlotRole.Takes));
        }

        // Group by group, outputs follow inputs: units are whole groups.
        if (groups % node.Units != 0)
        {
            node.Regroup = groups < node.Units && node.Units % groups == 0 ? (int)groups : 0;
            return "its outputs are taken in groups that do not divide them";
        }

        node.IsGrouped = true;
        return node.Link(Port.In(0, 1), Port.Out(1), Port.In(1, 0, SlotRole.Makes), Port.In(2, 0));
    }

    public static string? Transposed(NodeAxes node, Port from)
    {
        if (from.Axis != 1 || (!from.IsOutput && from.Index != 0))
        {
            return Elsewhere;
        }

        if (node.Node.Whole("group", 1) != 1)
        {
            return "its outputs reach a transposed convolution in groups";
        }

        return from.IsOutput
            ? node.Link(from, Port.In(1, 1, SlotRole.Makes), Port.In(2, 0))
            : node.Link(from, Port.In(1, 0, SlotRole.Takes));
    }
}
