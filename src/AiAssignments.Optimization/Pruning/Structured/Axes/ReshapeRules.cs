using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>
/// Reshaping keeps the order of elements. Units that begin an axis stay runs of neighbours on the axis of the new shape from which on there are as many elements;
/// where sizes behind are not fixed, on the axis before which there are as many.
/// </summary>
internal static class ReshapeRules
{
    private const string Unknown = "a shape on the way of its outputs is not known";
    private const string Across = "its outputs are reshaped across units";

    public static string? Flatten(NodeAxes node, Port from)
    {
        if (node.Dims(false, 0) is not { Count: > 0 } dims)
        {
            return Unknown;
        }

        var axis = node.AxisOf(1, dims.Count);
        if (!from.IsOutput)
        {
            return from.Axis == axis ? node.Link(from, Port.Out(1)) : Across;
        }

        return from.Axis == 1 && axis < dims.Count ? Fit(node, dims[axis]) ?? node.Link(from, Port.In(0, axis)) : Across;
    }

    public static string? Reshape(NodeAxes node, Port from)
    {
        if (node.Node.Whole("allowzero", 0) != 0 || (!from.IsOutput && from.Index != 0) || ReshapeShape.Of(node) is not { } shape)
        {
            return "its outputs are reshaped by computed sizes";
        }

        if (node.Dims(false, 0) is not { Count: > 0 } before)
        {
            return Unknown;
        }

        var after = After(node, before, shape.Entries);
        var (mine, others) = from.IsOutput ? (after, before) : (before, after);
        var to = Suffix(mine, from.Axis) is var behind and > 0
            ? Enumerable.Range(0, others.Count).LastOrDefault(at => Suffix(others, at) == behind, -1)
            : -1;
        if (to < 0 && HasSamePrefix(before, after, shape, from.Axis) && IsRest(before, after, shape, from.Axis))
        {
            to = from.Axis;
        }

        if (to < 0)
        {
            return Across;
        }

        var (input, output) = from.IsOutput ? (to, from.Axis) : (from.Axis, to);
        if ((others[to] > 0 ? Fit(node, others[to]) : null) is { } unfit)
        {
            return unfit;
        }

        switch (shape.Entries[output])
        {
            case null or 0 when input != output || !shape.IsCopy(output):
                return "its outputs are reshaped by computed sizes";
            case > 0:
                node.Counts.Add(output);
                break;
        }

        return node.Link(Port.In(0, input), Port.Out(output));
    }

    /// <summary>Whether units can be cut out of an axis; asks for fewer, larger ones where that helps.</summary>
    private static string? Fit(NodeAxes node, int size)
    {
        if (size > 0 && size % node.Units == 0)
        {
            return null;
        }

        node.Regroup = size > 1 && size < node.Units && node.Units % size == 0 ? size : 0;
        return Across;
    }

    private static IReadOnlyList<int> After(NodeAxes node, IReadOnlyList<int> before, IReadOnlyList<long?> entries)
    {
        var inferred = node.Dims(true, 0);
        return [.. entries.Select((entry, at) => entry switch
        {
            > 0 and <= int.MaxValue => (int)entry.Value,
            0 when at < before.Count && before[at] >= 0 => before[at],
            _ => inferred?.Count == entries.Count ? inferred[at] : -1,
        })];
    }

    /// <summary>Elements from an axis on; -1 when not fixed.</summary>
    private static long Suffix(IReadOnlyList<int> dims, int axis)
    {
        var product = 1L;
        for (var at = axis; at < dims.Count; at++)
        {
            if (dims[at] < 0 || product > int.MaxValue)
            {
                return -1;
            }

            product *= dims[at];
        }

        return product;
    }

    private static bool HasSamePrefix(IReadOnlyList<int> before, IReadOnlyList<int> after, ReshapeShape shape, int axis) =>
        axis < before.Count && axis < after.Count
        && Enumerable.Range(0, axis).All(at => shape.IsCopy(at) || (before[at] >= 0 && before[at] == after[at]));

    // The axis keeps its size, or is the last one and takes everything from the old one on.
    private static bool IsRest(IReadOnlyList<int> before, IReadOnlyList<int> after, ReshapeShape shape, int axis) =>
        shape.IsCopy(axis) || (before[axis] > 0 && before[axis] == after[axis]) || axis == after.Count - 1;
}
