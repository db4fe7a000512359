using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Pruning.Structured.Axes;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>Cuts units out of constants and shapes. A weight can lose inputs to one group and outputs to another; weights that were one and lose the same stay one.</summary>
internal sealed class StructuredRewrite(OnnxModel model, ValueShapes shapes)
{
    private readonly GraphNames names = new(model.Proto);
    private readonly GraphIndex index = GraphIndex.Of(model.Proto);
    private readonly Dictionary<NodePlace, (ConstantValue Constant, List<AxisCut> Cuts)> slots = [];
    private readonly Dictionary<NodePlace, (int Units, int Kept)> counts = [];
    private readonly HashSet<string> stale = new(StringComparer.Ordinal);

    /// <summary>Notes what leaves; takes effect with <see cref="Apply"/>.</summary>
    /// <param name="group">The group.</param>
    /// <param name="kept">Units that stay, in order.</param>
    public void Remove(UnitGroup group, IReadOnlyList<int> kept)
    {
        foreach (var slot in group.Slots)
        {
            var place = new NodePlace(slot.Node, slot.Input);
            if (!slots.TryGetValue(place, out var known))
            {
                slots.Add(place, known = (slot.Constant, []));
            }

            var run = (int)(slot.Constant.Dims[slot.Axis] / group.Units);
            var axis = slot.Constant.IsTransposed ? 1 - slot.Axis : slot.Axis;
            known.Cuts.Add(new AxisCut(axis, [.. kept.SelectMany(unit => Enumerable.Range(unit * run, run))]));
        }

        foreach (var count in group.Counts)
        {
            counts.Add(new NodePlace(count.Node, count.Entry), (group.Units, kept.Count));
        }

        foreach (var node in group.Depthwise)
        {
            var groups = node.Attribute("group")!;
            groups.I = groups.I / group.Units * kept.Count;
        }

        stale.UnionWith(group.Values.Select(value => value.Name));
    }

    /// <summary>Makes the changes.</summary>
    public void Apply(CancellationToken cancellationToken)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (place, (constant, cuts)) in slots)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Key(constant, cuts);
            if (!made.TryGetValue(key, out var name))
            {
                made.Add(key, name = Cut(place.Node, place.First, constant, cuts));
            }

            place.Node.Input[place.First] = name;
        }

        var edit = new GraphEdit(model.Graph);
        foreach (var entries in counts.GroupBy<KeyValuePair<NodePlace, (int Units, int Kept)>, NodeProto>(item => item.Key.Node, ReferenceEqualityComparer.Instance))
        {
            Reshape(entries.Key, [.. entries.Select(item => (item.Key.First, item.Value.Units, item.Value.Kept))], edit);
        }

        edit.Apply();
        var infos = model.Graph.ValueInfo.Where(info => !stale.Contains(info.Name)).ToList();
        model.Graph.ValueInfo.Clear();
        model.Graph.ValueInfo.AddRange(infos);
    }

    private static string Key(ConstantValue constant, List<AxisCut> cuts) =>
        $"{constant.Source.Name}\n{constant.IsTransposed}\n{string.Join('\n', cuts.OrderBy(cut => cut.Axis).Select(cut => $"{cut.Axis}:{string.Join(',', cut.Kept)}"))}";

    private string Cut(NodeProto node, int input, ConstantValue constant, List<AxisCut> cuts)
    {
        var values = ElementBytes.Read(model, constant.Tensor);
        long[] dims = [.. constant.Tensor.Dims];
        foreach (var cut in cuts)
        {
            values = values.Take(dims, cut.Axis, cut.Kept);
            dims[cut.Axis] = cut.Kept.Length;
        }

        // A weight that nobody else sees keeps its name.
        if (constant.Source is { IsOutput: false, IsInput: false, Uses.Count: 1, Initializer: { } own } source && source.Name == node.Input[input])
        {
            values.Write(own, dims);
            return source.Name;
        }

        var tensor = new TensorProto { Name = names.Unique(constant.Source.Name + "_pruned"), DataType = constant.Tensor.DataType };
        if (constant.IsTransposed)
        {
            values.Turned((int)dims[0], (int)dims[1]).Write(tensor, [dims[1], dims[0]]);
        }
        else
        {
            values.Write(tensor, dims);
        }

        model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private void Reshape(NodeProto node, IReadOnlyList<(int Entry, int Units, int Kept)> entries, GraphEdit edit)
    {
        var shape = ReshapeShape.Of(model, index.Root, shapes, node)!;
        var pieces = new List<string>();
        var first = 0;
        foreach (var piece in shape.Pieces)
        {
            var own = entries.Where(entry => entry.Entry >= first && entry.Entry < first + piece.Entries.Length).ToList();
            if (own.Count == 0)
            {
                pieces.Add(piece.Name);
            }
            else
            {
                long[] sizes = [.. piece.Entries.Select(size => size!.Value)];
                own.ForEach(entry => sizes[entry.Entry - first] = sizes[entry.Entry - first] / entry.Units * entry.Kept);
                pieces.Add(Shape(piece.Name, sizes));
            }

            first += piece.Entries.Length;
        }

        if (pieces is [var only])
        {
            node.Input[1] = only;
            return;
        }

        var joined = names.Unique(node.Input[1] + "_pruned");
        edit.Before(node, Nodes.Make("Concat", names.Unique(node.Label() + "_shape"), [.. pieces], [joined], [GraphBuilder.Attribute("axis", 0L)]));
        node.Input[1] = joined;
    }

    private string Shape(string stem, long[] sizes)
    {
        var name = names.Unique(stem + "_pruned");
        model.Graph.Initializer.Add(Nodes.Tensor<long>(name, DataType.Int64, sizes, sizes.Length));
        return name;
    }

    private sealed record AxisCut(int Axis, int[] Kept);
}
