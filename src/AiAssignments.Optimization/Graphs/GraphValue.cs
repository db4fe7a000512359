using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>A value of a graph: where it comes from and who takes it, uses from inside of subgraphs included.</summary>
public sealed class GraphValue
{
    private readonly List<ValueUse> uses = [];

    internal GraphValue(string name, GraphScope scope)
    {
        Name = name;
        Scope = scope;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The graph that defines it.</summary>
    public GraphScope Scope { get; }

    /// <summary>The node that makes it; <c>null</c> for inputs and initializers.</summary>
    public NodeProto? Producer { get; internal set; }

    /// <summary>Its weights, when it is an initializer.</summary>
    public TensorProto? Initializer { get; internal set; }

    /// <summary>Whether the graph lists it as an input (old files list initializers too).</summary>
    public bool IsInput { get; internal set; }

    /// <summary>Whether the graph gives it out.</summary>
    public bool IsOutput { get; internal set; }

    /// <summary>Inputs of nodes that it is bound to.</summary>
    public IReadOnlyList<ValueUse> Uses => uses;

    internal void Use(ValueUse use) => uses.Add(use);
}

/// <summary>An input of a node.</summary>
/// <param name="Scope">The graph of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Index">Which of its inputs, from 0.</param>
public readonly record struct ValueUse(GraphScope Scope, NodeProto Node, int Index);
