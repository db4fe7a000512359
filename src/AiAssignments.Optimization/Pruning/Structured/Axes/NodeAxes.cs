using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>One node, seen from one axis of its inputs and outputs: what an operator needs to say where else the units of that axis lie.</summary>
internal sealed class NodeAxes(OnnxModel model, GraphScope scope, ValueShapes shapes, NodeProto node, int units)
{
    private const int MostScalarSteps = 64;

    public OnnxModel Model => model;

    public GraphScope Scope => scope;

    public ValueShapes Shapes => shapes;

    public NodeProto Node => node;

    /// <summary>How many units there are.</summary>
    public int Units => units;

    /// <summary>Where else the units lie; filled by the operator.</summary>
    public List<Port> Ports { get; } = [];

    /// <summary>Values beside the node's own whose axis gives the units their number.</summary>
    public List<(GraphValue Value, int Axis)> Others { get; } = [];

    /// <summary>Entries of a Reshape's shape that count the units.</summary>
    public List<int> Counts { get; } = [];

    /// <summary>Whether the attribute <c>group</c> counts the units.</summary>
    public bool IsGrouped { get; set; }

    /// <summary>Not 0: the units are too small to be cut out here, and there must be only so many.</summary>
    public int Regroup { get; set; }

    public GraphValue? Value(bool isOutput, int at)
    {
        var names = isOutput ? node.Output : node.Input;
        return at < names.Count ? scope.Find(names[at]) : null;
    }

    /// <summary>Sizes, -1 for what is not fixed; <c>null</c> when not known.</summary>
    public IReadOnlyList<int>? Dims(bool isOutput, int at) =>
        Value(isOutput, at) is { } value ? shapes[value] ?? (IsScalar(value) ? [] : null) : null;

    public IReadOnlyList<int>? Dims(Port port) => Dims(port.IsOutput, port.Index);

    public int? Rank(Port port) => Dims(port)?.Count;

    /// <summary>Integers that an input always holds.</summary>
    public long[]? Constant(int input) =>
        GraphConstants.Direct(Value(false, input)) is { } tensor && !TensorReader.IsFloating(tensor) ? model.Tensors.Longs(tensor) : null;

    /// <summary>Axes given by an attribute or, in later operator sets, by an input; counted from the first of so many.</summary>
    public int[]? AxesOf(int input, int rank)
    {
        var given = node.Attribute("axes")?.Ints.ToArray() ?? Constant(input);
        return given is null ? null : [.. given.Select(axis => (int)(axis < 0 ? axis + rank : axis))];
    }

    /// <summary>An axis attribute, counted from the first of so many.</summary>
    public int AxisOf(long absent, int rank)
    {
        var axis = node.Whole("axis", absent);
        return (int)(axis < 0 ? axis + rank : axis);
    }

    public string? Link(params ReadOnlySpan<Port> ports)
    {
        Ports.AddRange(ports);
        return null;
    }

    // ONNX Runtime tells a scalar and an unknown shape in the same way.
    private static bool IsScalar(GraphValue value)
    {
        // Few make a scalar; in a hostile graph the ways back to its beginning can be more than anyone can walk.
        var left = MostScalarSteps;
        return IsScalar(value, ref left);
    }

    private static bool IsScalar(GraphValue value, ref int left)
    {
        if (GraphConstants.Direct(value) is { } tensor)
        {
            return tensor.Dims.Count == 0;
        }

        if (--left < 0 || value.Producer is not { } maker || maker.Input.Count == 0)
        {
            return false;
        }

        if (OnnxModel.Is(maker, "Gather"))
        {
            return value.Scope.Find(maker.Input[0])?.Producer is { OpType: "Shape" } && GraphConstants.Direct(value.Scope.Find(maker.Input[1])) is { Dims.Count: 0 };
        }

        if (!OperatorSets.Unary.Contains(maker.OpType) && !OperatorSets.Broadcasting.Contains(maker.OpType))
        {
            return false;
        }

        foreach (var name in maker.Input)
        {
            if (value.Scope.Find(name) is not { } input || !IsScalar(input, ref left))
            {
                return false;
            }
        }

        return true;
    }
}
