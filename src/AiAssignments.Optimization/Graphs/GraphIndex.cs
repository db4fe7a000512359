using AiAssignments.Core.Errors;
using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// Producers and consumers of every value of a model, over all its graphs. A picture of the moment: build a new one after changing nodes.
/// Bodies of functions are not looked into.
/// </summary>
public sealed class GraphIndex
{
    private const int MostDepth = 64;
    private readonly List<GraphScope> scopes = [];

    private GraphIndex(ModelProto model)
    {
        Root = new GraphScope(model.Graph, null, null);
        Add(Root, 0);
    }

    /// <summary>The main graph.</summary>
    public GraphScope Root { get; }

    /// <summary>All graphs, parents before their subgraphs.</summary>
    public IReadOnlyList<GraphScope> Scopes => scopes;

    /// <summary>Looks through a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ProblemException"><c>onnx-too-deep</c>: more than 64 graphs inside each other; <c>onnx-duplicate-name</c>: two nodes make one value.</exception>
    public static GraphIndex Of(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model);
    }

    /// <summary>Every node with its graph, in the order of the file, a node before those of its subgraphs.</summary>
    public IEnumerable<(GraphScope Scope, NodeProto Node)> Nodes() =>
        scopes.SelectMany(scope => scope.Graph.Node.Select(node => (scope, node)));

    /// <summary>The subgraphs of a node, with the names of the attributes that hold them.</summary>
    /// <param name="node">The node.</param>
    public static IEnumerable<GraphProto> Subgraphs(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is not null)
            {
                yield return attribute.G;
            }

            foreach (var graph in attribute.Graphs)
            {
                yield return graph;
            }
        }
    }

    private void Add(GraphScope scope, int depth)
    {
        if (depth > MostDepth)
        {
            throw new ProblemException("onnx-too-deep", $"More than {MostDepth} graphs lie inside each other.");
        }

        scopes.Add(scope);
        var graph = scope.Graph;
        foreach (var input in graph.Input)
        {
            scope.Define(input.Name).IsInput = true;
        }

        foreach (var tensor in graph.Initializer)
        {
            scope.Define(tensor.Name).Initializer = tensor;
        }

        // A sparse initializer has its name on its values; it is a value without weights that we read.
        foreach (var sparse in graph.SparseInitializer)
        {
            scope.Define(sparse.Values?.Name ?? string.Empty);
        }

        foreach (var node in graph.Node)
        {
            foreach (var name in node.Output.Where(name => name.Length > 0))
            {
                var value = scope.Define(name);
                value.Producer = value.Producer is null && !value.IsInput && value.Initializer is null
                    ? node
                    : throw new ProblemException("onnx-duplicate-name", $"The value '{name}' is defined more than once in one graph.");
            }
        }

        foreach (var output in graph.Output)
        {
            if (scope.Find(output.Name) is { } value)
            {
                value.IsOutput = true;
            }
        }

        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                scope.Find(node.Input[i])?.Use(new ValueUse(scope, node, i));
            }

            foreach (var subgraph in Subgraphs(node))
            {
                Add(new GraphScope(subgraph, scope, node), depth + 1);
            }
        }
    }
}
