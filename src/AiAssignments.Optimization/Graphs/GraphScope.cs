using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>One graph of a model: the main one, or a body of <c>If</c>, <c>Loop</c> or <c>Scan</c>. Names that it does not define are looked up in its parent.</summary>
public sealed class GraphScope
{
    private readonly Dictionary<string, GraphValue> values = new(StringComparer.Ordinal);

    internal GraphScope(GraphProto graph, GraphScope? parent, NodeProto? owner)
    {
        Graph = graph;
        Parent = parent;
        Owner = owner;
    }

    /// <summary>The graph.</summary>
    public GraphProto Graph { get; }

    /// <summary>The graph around it; <c>null</c> for the main one.</summary>
    public GraphScope? Parent { get; }

    /// <summary>The node that this is a body of; <c>null</c> for the main graph.</summary>
    public NodeProto? Owner { get; }

    /// <summary>Values that this graph itself defines: inputs, initializers and outputs of nodes.</summary>
    public IReadOnlyCollection<GraphValue> Values => values.Values;

    /// <summary>The value that a name stands for here.</summary>
    /// <param name="name">The name.</param>
    /// <returns><c>null</c> for the empty name and for one that nothing defines.</returns>
    public GraphValue? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    internal GraphValue Define(string name)
    {
        if (!values.TryGetValue(name, out var value))
        {
            values.Add(name, value = new GraphValue(name, this));
        }

        return value;
    }
}
