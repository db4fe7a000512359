using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Half;

/// <summary>
/// A float32 value keeps its name, and gets a float16 twin under a new one, when a converted node makes or takes it. Where only one of the two is made, a cast
/// makes the other if somebody needs it: a node that stays in float32, a subgraph, the caller.
/// </summary>
internal sealed class Float16Rewrite
{
    private readonly OnnxModel model;
    private readonly Float16Options options;
    private readonly GraphIndex index;
    private readonly ElementTypeInference types;
    private readonly GraphNames names;
    private readonly Dictionary<GraphProto, GraphEdit> edits = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NodeProto> converted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphValue, string> twins = [];

    public Float16Rewrite(OnnxModel model, Float16Options options)
    {
        this.model = model;
        this.options = options;
        index = GraphIndex.Of(model.Proto);
        types = ElementTypeInference.Of(index);
        names = new GraphNames(model.Proto);
    }

    public int Converted => converted.Count;

    public int Casts { get; private set; }

    public long Weights { get; private set; }

    public long Clamped { get; private set; }

    public void Run(PassReport report, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var (scope, node) in index.Nodes().Where(item => IsFloat(item.Scope, item.Node)))
        {
            if (!HalfOperators.Has(node) || options.KeepOperators.Contains(node.OpType))
            {
                report.Left(node.Label(), "its operator stays in float32");
            }
            else if (!options.Nodes.Takes(node))
            {
                report.Left(node.Label(), "it was excluded");
            }
            else if (!IsKnown(scope, node))
            {
                report.Left(node.Label(), "the element type of one of its values is not known");
            }
            else
            {
                converted.Add(node);
            }
        }

        var nodes = index.Nodes().Where(item => converted.Contains(item.Node)).ToList();
        foreach (var (scope, node) in nodes)
        {
            Outputs(scope, node);
        }

        foreach (var (done, (scope, node)) in nodes.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("convert", done, nodes.Count));
            Inputs(scope, node);
        }

        foreach (var edit in edits.Values)
        {
            edit.Apply();
        }
    }

    private bool IsFloat(GraphScope scope, NodeProto node) =>
        !OnnxModel.Is(node, "Constant") && !OnnxModel.Is(node, "Cast") && node.Input.Concat(node.Output).Any(name => types[scope.Find(name)] == DataType.Float);

    // A value of unknown type may be float32, which beside float16 would make the graph invalid.
    private bool IsKnown(GraphScope scope, NodeProto node) =>
        node.Input.Concat(node.Output).All(name => name.Length == 0 || types[scope.Find(name)] != DataType.Undefined);

    private void Outputs(GraphScope scope, NodeProto node)
    {
        for (var at = 0; at < node.Output.Count; at++)
        {
            // Further outputs of normalizations and the like are defined otherwise.
            if (scope.Find(node.Output[at]) is not { } value || types[value] != DataType.Float || (at > 0 && !OnnxModel.Is(node, "Split")))
            {
                continue;
            }

            var twin = names.Unique(value.Name + "_half");
            twins.Add(value, twin);
            node.Output[at] = twin;
            if (value.IsOutput || value.Uses.Any(use => !converted.Contains(use.Node)))
            {
                Edit(scope.Graph).After(node, Cast(value.Name, twin, value.Name, DataType.Float));
            }
        }
    }

    private void Inputs(GraphScope scope, NodeProto node)
    {
        for (var at = 0; at < node.Input.Count; at++)
        {
            if (scope.Find(node.Input[at]) is { } value && types[value] == DataType.Float)
            {
                node.Input[at] = Twin(value);
            }
        }
    }

    private string Twin(GraphValue value)
    {
        if (twins.TryGetValue(value, out var twin))
        {
            return twin;
        }

        twins.Add(value, twin = names.Unique(value.Name + "_half"));
        var graph = value.Scope.Graph;
        if (GraphConstants.Direct(value) is { } tensor)
        {
            var (halves, clamped) = HalfNumbers.Convert(model.Tensors.Floats(tensor));
            graph.Initializer.Add(Nodes.Tensor<System.Half>(twin, DataType.Float16, halves, tensor.Dims));
            Weights += halves.Length;
            Clamped += clamped;
        }
        else if (value.Producer is null)
        {
            Edit(graph).Prepend(Cast(value.Name, value.Name, twin, DataType.Float16));
        }
        else
        {
            Edit(graph).After(value.Producer, Cast(value.Name, value.Name, twin, DataType.Float16));
        }

        return twin;
    }

    private NodeProto Cast(string stem, string from, string to, DataType type)
    {
        Casts++;
        return Nodes.Make("Cast", names.Unique(stem + "_cast"), [from], [to], [Attribute("to", (long)type)]);
    }

    private GraphEdit Edit(GraphProto graph)
    {
        if (!edits.TryGetValue(graph, out var edit))
        {
            edits.Add(graph, edit = new GraphEdit(graph));
        }

        return edit;
    }
}
