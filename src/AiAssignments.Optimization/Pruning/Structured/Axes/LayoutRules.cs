using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>Operators that move axes, or work along others.</summary>
internal static class LayoutRules
{
    private const string Unknown = "a shape on the way of its outputs is not known";
    private const string Computed = "its outputs are cut or moved by computed numbers";

    public static string? Transpose(NodeAxes node, Port from)
    {
        if (node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var order = node.Node.Attribute("perm")?.Ints.Select(axis => (int)axis).ToList() ?? [.. Enumerable.Range(0, rank).Reverse()];
        return from.IsOutput
            ? node.Link(from, Port.In(0, order[from.Axis]))
            : node.Link(from, Port.Out(order.IndexOf(from.Axis)));
    }

    public static string? Squeeze(NodeAxes node, Port from) =>
        node.Dims(false, 0) is not { } dims ? Unknown
        : node.AxesOf(1, dims.Count) is not { } axes ? Computed
        : Mapped(node, from, [.. Enumerable.Range(0, dims.Count).Except(axes)]);

    public static string? Unsqueeze(NodeAxes node, Port from)
    {
        if (!from.IsOutput && from.Index != 0)
        {
            return Computed;
        }

        // The rank without the new axes is not known where it is a scalar's, which has no axis to follow.
        if (node.Dims(false, 0) is not { Count: > 0 } dims)
        {
            return Unknown;
        }

        var count = (node.Node.Attribute("axes")?.Ints.Count ?? node.Constant(1)?.Length) + dims.Count;
        if (count is null || node.AxesOf(1, count.Value) is not { } axes)
        {
            return Computed;
        }

        var places = Enumerable.Range(0, count.Value).Except(axes).ToList();
        return from.IsOutput
            ? places.IndexOf(from.Axis) is var at and >= 0 ? node.Link(from, Port.In(0, at)) : "its outputs are a new axis"
            : node.Link(from, Port.Out(places[from.Axis]));
    }

    public static string? Reduce(NodeAxes node, Port from)
    {
        if (node.Dims(false, 0) is not { } dims)
        {
            return Unknown;
        }

        if (node.AxesOf(1, dims.Count) is not { Length: > 0 } axes)
        {
            return "its outputs become one number";
        }

        if (node.Node.Whole("keepdims", 1) == 0)
        {
            return Mapped(node, from, [.. Enumerable.Range(0, dims.Count).Except(axes)]);
        }

        return axes.Contains(from.Axis) ? "its outputs become one number" : node.Link(Port.In(0, from.Axis), Port.Out(from.Axis));
    }

    public static string? Joined(NodeAxes node, Port from)
    {
        if (node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var isConcat = node.Node.OpType == "Concat";
        if (from.Axis == node.AxisOf(0, rank) || (!isConcat && !from.IsOutput && from.Index != 0))
        {
            return isConcat ? "its outputs are joined with others to one axis" : "its outputs are split";
        }

        for (var at = 0; at < (isConcat ? node.Node.Input.Count : 1); at++)
        {
            node.Link(Port.In(at, from.Axis));
        }

        for (var at = 0; at < (isConcat ? 1 : node.Node.Output.Count); at++)
        {
            node.Link(Port.Out(from.Axis, at));
        }

        return null;
    }

    public static string? Slice(NodeAxes node, Port from)
    {
        if (node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var starts = node.Dims(false, 1);
        var axes = node.Node.InputOrEmpty(3).Length > 0 ? node.AxesOf(3, rank)
            : starts is [> 0 and var count] ? [.. Enumerable.Range(0, count)] : null;
        return axes is null || (!from.IsOutput && from.Index != 0) ? Computed
            : axes.Contains(from.Axis) ? "its outputs are cut"
            : node.Link(Port.In(0, from.Axis), Port.Out(from.Axis));
    }

    public static string? Pad(NodeAxes node, Port from)
    {
        if (node.Rank(from) is not { } rank)
        {
            return Unknown;
        }

        var axes = node.Node.InputOrEmpty(3).Length > 0 ? node.AxesOf(3, rank) : [.. Enumerable.Range(0, rank)];
        if (axes is null || (!from.IsOutput && from.Index != 0) || node.Constant(1) is not { } pads || pads.Length != 2 * axes.Length)
        {
            return Computed;
        }

        var at = Array.IndexOf(axes, from.Axis);
        return at >= 0 && (pads[at] != 0 || pads[at + axes.Length] != 0)
            ? "its outputs get others beside them (Pad)"
            : node.Link(Port.In(0, from.Axis), Port.Out(from.Axis));
    }

    public static string? Gather(NodeAxes node, Port from)
    {
        if (node.Dims(false, 0) is not { } data || node.Dims(false, 1) is not { } indices || (!from.IsOutput && from.Index != 0))
        {
            return Unknown;
        }

        var axis = node.AxisOf(0, data.Count);
        var places = Enumerable.Range(0, data.Count).Select(at => at < axis ? at : at == axis ? -1 : at + indices.Count - 1).ToList();
        if (from.IsOutput)
        {
            return places.IndexOf(from.Axis) is var at and >= 0 ? node.Link(from, Port.In(0, at)) : "its outputs are picked by number";
        }

        return places[from.Axis] is var to and >= 0 ? node.Link(from, Port.Out(to)) : "its outputs are picked by number";
    }

    /// <summary>Stretching to the shape of another value, as <c>mask.expand_as(scores)</c> is exported: the result has units where the other one has.</summary>
    public static string? Expand(NodeAxes node, Port from)
    {
        if (node.Dims(false, 0) is not { } dims || (from.IsOutput ? node.Rank(from) : dims.Count) is not { } rank)
        {
            return Unknown;
        }

        var sizes = node.Value(false, 1)?.Producer;
        var like = sizes is not null && OnnxModel.Is(sizes, "Shape") && sizes.Attribute.Count == 0 ? node.Scope.Find(sizes.Input[0]) : null;
        var own = from.Axis - rank + dims.Count;
        if (!from.IsOutput || like is null || node.Shapes[like]?.Count != rank || (own >= 0 && dims[own] != 1))
        {
            return "its outputs are stretched to computed sizes";
        }

        node.Others.Add((like, from.Axis));
        return node.Link(from);
    }

    /// <param name="node">The node.</param>
    /// <param name="from">The port.</param>
    /// <param name="kept">For each axis of the output, its axis of the input.</param>
    private static string? Mapped(NodeAxes node, Port from, List<int> kept) =>
        from.IsOutput ? node.Link(from, Port.In(0, kept[from.Axis]))
        : kept.IndexOf(from.Axis) is var to and >= 0 ? node.Link(from, Port.Out(to))
        : "its outputs become one number";
}
