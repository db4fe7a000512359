using System.Runtime.InteropServices;
using AiAssignments.Onnx;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Makes nodes and tensors, and reads attributes.</summary>
public static class Nodes
{
    /// <summary>A node.</summary>
    /// <param name="operatorType">Its operator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Value names; empty for an absent optional input.</param>
    /// <param name="outputs">Value names.</param>
    /// <param name="attributes">See <see cref="GraphBuilder.Attribute(string, long)"/>.</param>
    /// <param name="domain">Domain of the operator. Default: the standard one.</param>
    public static NodeProto Make(string operatorType, string name, string[] inputs, string[] outputs, AttributeProto[]? attributes = null, string domain = "")
    {
        var node = new NodeProto { OpType = operatorType, Name = name };
        if (domain.Length > 0)
        {
            node.Domain = domain;
        }

        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes ?? []);
        return node;
    }

    /// <summary>A tensor of raw little-endian values.</summary>
    /// <typeparam name="T">The number in memory.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="type">The element type that <typeparamref name="T"/> is.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="dims">Sizes; none for a scalar.</param>
    public static TensorProto Tensor<T>(string name, DataType type, ReadOnlySpan<T> values, params IEnumerable<long> dims)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.Add(dims);
        return tensor;
    }

    /// <summary>An attribute of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <returns><c>null</c> when the node does not have it.</returns>
    public static AttributeProto? Attribute(this NodeProto node, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
    }

    /// <summary>An integer attribute.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="absent">What it is when the node does not have it.</param>
    public static long Whole(this NodeProto node, string name, long absent) => node.Attribute(name)?.I ?? absent;

    /// <summary>A float attribute.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="absent">What it is when the node does not have it.</param>
    public static float Real(this NodeProto node, string name, float absent) => node.Attribute(name)?.F ?? absent;

    /// <summary>An input of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">Which, from 0.</param>
    /// <returns>Empty when it is absent.</returns>
    public static string InputOrEmpty(this NodeProto node, int index)
    {
        ArgumentNullException.ThrowIfNull(node);
        return index < node.Input.Count ? node.Input[index] : string.Empty;
    }

    /// <summary>How a person finds the node: its name, or its operator and first output where it has none.</summary>
    /// <param name="node">The node.</param>
    public static string Label(this NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Name.Length > 0 ? node.Name : $"{node.OpType}:{(node.Output.Count > 0 ? node.Output[0] : string.Empty)}";
    }
}
