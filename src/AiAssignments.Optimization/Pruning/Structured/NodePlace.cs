using System.Runtime.CompilerServices;
using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>A place at a node, as a key: the very node, not one that reads the same, since nodes are changed while they are keys.</summary>
internal readonly struct NodePlace(NodeProto node, int first, int second = 0) : IEquatable<NodePlace>
{
    public NodeProto Node => node;

    /// <summary>The input, or the entry of a shape.</summary>
    public int First => first;

    private int Second => second;

    public bool Equals(NodePlace other) => ReferenceEquals(Node, other.Node) && First == other.First && Second == other.Second;

    public override bool Equals(object? obj) => obj is NodePlace other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Node), First, Second);
}
