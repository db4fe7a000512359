using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Collects changes to the nodes of one graph and makes them at once, so that nodes stay in topological order.</summary>
public sealed class GraphEdit
{
    private readonly GraphProto graph;
    private readonly List<NodeProto> first = [];
    private readonly Dictionary<NodeProto, Change> changes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Begins to change a graph.</summary>
    /// <param name="graph">The graph.</param>
    public GraphEdit(GraphProto graph) => this.graph = graph;

    /// <summary>Puts nodes before all others.</summary>
    /// <param name="nodes">Nodes, in their order.</param>
    public void Prepend(params IEnumerable<NodeProto> nodes) => first.AddRange(nodes);

    /// <summary>Puts nodes before one.</summary>
    /// <param name="node">A node of the graph.</param>
    /// <param name="nodes">Nodes, in their order.</param>
    public void Before(NodeProto node, params IEnumerable<NodeProto> nodes) => Of(node).Before.AddRange(nodes);

    /// <summary>Puts nodes behind one.</summary>
    /// <param name="node">A node of the graph.</param>
    /// <param name="nodes">Nodes, in their order.</param>
    public void After(NodeProto node, params IEnumerable<NodeProto> nodes) => Of(node).After.AddRange(nodes);

    /// <summary>Takes a node out; what stands before and behind it stays.</summary>
    /// <param name="node">A node of the graph.</param>
    public void Remove(NodeProto node) => Of(node).IsRemoved = true;

    /// <summary>Puts nodes in the place of one.</summary>
    /// <param name="node">A node of the graph.</param>
    /// <param name="nodes">Nodes, in their order.</param>
    public void Replace(NodeProto node, params IEnumerable<NodeProto> nodes)
    {
        Remove(node);
        Of(node).Instead.AddRange(nodes);
    }

    /// <summary>Makes the changes.</summary>
    public void Apply()
    {
        if (first.Count == 0 && changes.Count == 0)
        {
            return;
        }

        var nodes = new List<NodeProto>(first);
        foreach (var node in graph.Node)
        {
            if (!changes.TryGetValue(node, out var change))
            {
                nodes.Add(node);
                continue;
            }

            nodes.AddRange(change.Before);
            nodes.AddRange(change.IsRemoved ? change.Instead : [node]);
            nodes.AddRange(change.After);
        }

        graph.Node.Clear();
        graph.Node.AddRange(nodes);
        first.Clear();
        changes.Clear();
    }

    private Change Of(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!changes.TryGetValue(node, out var change))
        {
            changes.Add(node, change = new Change());
        }

        return change;
    }

    private sealed class Change
    {
        public List<NodeProto> Before { get; } = [];

        public List<NodeProto> Instead { get; } = [];

        public List<NodeProto> After { get; } = [];

        public bool IsRemoved { get; set; }
    }
}
