using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>
/// Layers (Conv, Gemm and MatMul with constant weights) at the ends of the main graph, by what feeds what, wherever they stand in the file: the ones that see an
/// input before any other layer has, and those whose results no other layer sees. These are the ones that are usually kept out of static quantization.
/// </summary>
internal sealed class LayerEnds
{
    private readonly HashSet<NodeProto> first = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NodeProto> last = new(ReferenceEqualityComparer.Instance);

    private LayerEnds()
    {
    }

    /// <summary>Layers that no other feeds.</summary>
    public IReadOnlySet<NodeProto> First => first;

    /// <summary>Layers that feed no other.</summary>
    public IReadOnlySet<NodeProto> Last => last;

    /// <summary>Walks the main graph once forwards and once backwards. Layers inside of subgraphs do not count; what a subgraph takes from outside, its node takes.</summary>
    public static LayerEnds Of(GraphIndex index)
    {
        var (ends, root) = (new LayerEnds(), index.Root);
        var layers = root.Graph.Node.Where(node => IsLayer(root, node)).ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var taken = Taken(root);
        var fed = new HashSet<GraphValue>();
        foreach (var node in root.Graph.Node)
        {
            var isFed = taken[node].Any(fed.Contains);
            if (layers.Contains(node) && !isFed)
            {
                ends.first.Add(node);
            }

            if (isFed || layers.Contains(node))
            {
                fed.UnionWith(Made(root, node));
            }
        }

        var feeding = new HashSet<GraphValue>();
        foreach (var node in root.Graph.Node.Reverse())
        {
            var feeds = Made(root, node).Any(feeding.Contains);
            if (layers.Contains(node) && !feeds)
            {
                ends.last.Add(node);
            }

            if (feeds || layers.Contains(node))
            {
                feeding.UnionWith(taken[node]);
            }
        }

        return ends;
    }

    private static bool IsLayer(GraphScope root, NodeProto node) =>
        StaticCandidate.IsOperator(node) && GraphConstants.Find(root.Find(node.InputOrEmpty(1))) is not null && GraphConstants.Find(root.Find(node.InputOrEmpty(0))) is null;

    private static IEnumerable<GraphValue> Made(GraphScope root, NodeProto node) => node.Output.Select(root.Find).OfType<GraphValue>();

    private static ILookup<NodeProto, GraphValue> Taken(GraphScope root) =>
        root.Values.SelectMany(value => value.Uses.Select(use => (Node: InRoot(root, use), Value: value)))
            .ToLookup(pair => pair.Node, pair => pair.Value, (IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);

    private static NodeProto InRoot(GraphScope root, ValueUse use)
    {
        var (scope, node) = (use.Scope, use.Node);
        while (scope != root)
        {
            (scope, node) = (scope.Parent!, scope.Owner!);
        }

        return node;
    }
}
