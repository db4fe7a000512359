using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Pruning.Structured.Axes;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>
/// Follows units from the node that makes them through the graph, forwards and backwards, until every way ends in a weight that takes or makes them. One way that
/// ends otherwise (the model's output, an operator that mixes units) holds back all of them.
/// </summary>
internal sealed class UnitSearch
{
    private readonly OnnxModel model;
    private readonly GraphScope scope;
    private readonly ValueShapes shapes;
    private readonly int units;
    private readonly Queue<(GraphValue Value, int Axis)> waiting = new();
    private readonly HashSet<(GraphValue, int)> visited = [];
    private readonly Dictionary<NodePlace, UnitSlot> slots = [];
    private readonly HashSet<NodePlace> counts = [];
    private readonly HashSet<NodeProto> grouped = new(ReferenceEqualityComparer.Instance);

    private UnitSearch(OnnxModel model, GraphScope scope, ValueShapes shapes, int units) =>
        (this.model, this.scope, this.shapes, this.units) = (model, scope, shapes, units);

    /// <summary>Not 0: there must be only so many, larger units.</summary>
    public int Regroup { get; private set; }

    /// <summary>Why the units cannot leave, as the end of a sentence.</summary>
    public string? Refusal { get; private set; }

    public IEnumerable<UnitSlot> Slots => slots.Values;

    public IEnumerable<UnitCount> Counts => counts.Select(count => new UnitCount(count.Node, count.First));

    public IReadOnlyCollection<NodeProto> Grouped => grouped;

    public IReadOnlyCollection<GraphValue> Values => [.. visited.Select(item => item.Item1).Distinct()];

    /// <summary>Nodes that make the units.</summary>
    public IEnumerable<NodeProto> Makers => slots.Values.Where(slot => slot.Role == SlotRole.Makes).Select(slot => slot.Node).Distinct<NodeProto>(ReferenceEqualityComparer.Instance);

    public static UnitSearch Run(OnnxModel model, GraphScope scope, ValueShapes shapes, GraphValue start, int axis, int units, CancellationToken cancellationToken)
    {
        var search = new UnitSearch(model, scope, shapes, units);
        search.Enqueue(start, axis);
        while (search.waiting.TryDequeue(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            search.Follow(next.Value, next.Axis);
        }

        return search;
    }

    private void Follow(GraphValue value, int axis)
    {
        if (value.IsOutput)
        {
            Refuse("its outputs are an output of the model");
        }

        if (value.Producer is null)
        {
            Refuse("an input of the model is added to its outputs");
        }
        else
        {
            Through(value.Producer, new Port(true, value.Producer.Output.IndexOf(value.Name), axis));
        }

        foreach (var use in value.Uses)
        {
            if (use.Scope != scope)
            {
                Refuse("its outputs are used inside of a branch or loop");
            }
            else if (OnnxModel.Is(use.Node, "Shape"))
            {
                Read(value, axis, use.Node);
            }
            else
            {
                Through(use.Node, new Port(false, use.Index, axis));
            }
        }
    }

    private void Read(GraphValue value, int axis, NodeProto shape)
    {
        if (shapes[value] is not { } dims || ShapeReads.Reads(model, scope, shape, axis, dims.Count))
        {
            Refuse("their number is read by the graph");
            return;
        }

        foreach (var stretched in ShapeReads.Stretched(scope, shape))
        {
            if (shapes[stretched]?.Count == dims.Count)
            {
                Enqueue(stretched, axis);
            }
            else
            {
                Refuse("a shape on the way of its outputs is not known");
            }
        }
    }

    private void Through(NodeProto node, Port from)
    {
        var axes = new NodeAxes(model, scope, shapes, node, units);
        if (AxisRules.Apply(axes, from) is { } why)
        {
            Regroup = Math.Max(Regroup, axes.Regroup);
            Refuse(why);
            return;
        }

        counts.UnionWith(axes.Counts.Select(entry => new NodePlace(node, entry)));
        if (axes.IsGrouped)
        {
            grouped.Add(node);
        }

        foreach (var (value, axis) in axes.Others)
        {
            Enqueue(value, axis);
        }

        foreach (var port in axes.Ports)
        {
            if (axes.Value(port.IsOutput, port.Index) is { } value)
            {
                Reach(node, port, value);
            }
        }
    }

    private void Reach(NodeProto node, Port port, GraphValue value)
    {
        if (port.IsOutput || GraphConstants.Find(value) is not { } constant)
        {
            Enqueue(value, port.Axis);
        }
        else if (port.Axis >= constant.Dims.Count || constant.Dims[port.Axis] % units != 0)
        {
            Refuse("a weight on their way does not fit them");
        }
        else if (constant.Tensor.DataType != (int)constant.ElementType || !ElementBytes.CanRead(constant.Tensor) || TensorReader.Elements(constant.Tensor) > 1 << 28)
        {
            Refuse("a weight on their way is stored in another type, or has more than 2^28 elements");
        }
        else
        {
            slots.TryAdd(new NodePlace(node, port.Index, port.Axis), new UnitSlot(node, port.Index, constant, port.Axis, port.Role));
        }
    }

    private void Enqueue(GraphValue value, int axis)
    {
        if (!visited.Add((value, axis)))
        {
            return;
        }

        if (shapes[value] is { } dims && (axis >= dims.Count || (dims[axis] >= 0 && dims[axis] % units != 0)))
        {
            Refuse("sizes on their way do not fit them");
            return;
        }

        waiting.Enqueue((value, axis));
    }

    private void Refuse(string why) => Refusal ??= why;
}
