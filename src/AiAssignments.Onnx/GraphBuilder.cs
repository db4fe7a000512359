using System.Runtime.InteropServices;
using Google.Protobuf;

namespace AiAssignments.Onnx;

/// <summary>Builds a valid ONNX model node by node. Values are named; shapes use <c>long</c> sizes or symbolic <c>string</c> sizes.</summary>
public sealed class GraphBuilder
{
    private readonly GraphProto graph;
    private readonly long opset;
    private int next;

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">Graph name.</param>
    /// <param name="opset">Version of the default operator set. Default 17.</param>
    public GraphBuilder(string name, long opset = 17)
    {
        graph = new GraphProto { Name = name };
        this.opset = opset;
    }

    /// <summary>Declares an input and returns its name.</summary>
    /// <param name="name">Value name.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes: <see cref="long"/> or <see cref="int"/> for fixed, <see cref="string"/> for symbolic ones.</param>
    public string Input(string name, TensorProto.Types.DataType type, params object[] shape)
    {
        graph.Input.Add(Value(name, type, shape));
        return name;
    }

    /// <summary>Declares an output.</summary>
    /// <param name="name">Name of a value that a node makes.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes, as for inputs.</param>
    public void Output(string name, TensorProto.Types.DataType type, params object[] shape) =>
        graph.Output.Add(Value(name, type, shape));

    /// <summary>Adds a float32 initializer and returns its name.</summary>
    /// <param name="name">Value name.</param>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Sizes; their product is the number of values; none for a scalar.</param>
    public string Floats(string name, ReadOnlySpan<float> values, params long[] shape) =>
        Initializer(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds an int64 initializer and returns its name.</summary>
    /// <param name="name">Value name.</param>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    public string Longs(string name, ReadOnlySpan<long> values, params long[] shape) =>
        Initializer(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds an initializer from raw little-endian bytes and returns its name.</summary>
    /// <param name="name">Value name.</param>
    /// <param name="type">Element type.</param>
    /// <param name="bytes">Row-major values.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    public string Initializer(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(shape);
        graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a node with one output and returns that output's name.</summary>
    /// <param name="operatorType">Operator of the default domain, for example <c>MatMul</c>.</param>
    /// <param name="inputs">Value names; empty for an absent optional input.</param>
    /// <param name="output">Name of the output; generated when <c>null</c>.</param>
    /// <param name="attributes">See <see cref="Attribute(string, long)"/>.</param>
    public string Node(string operatorType, string[] inputs, string? output = null, params AttributeProto[] attributes)
    {
        output ??= $"{operatorType}_{next++}";
        var node = new NodeProto { OpType = operatorType, Name = $"node_{graph.Node.Count}_{operatorType}" };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        graph.Node.Add(node);
        return output;
    }

    /// <summary>The finished model.</summary>
    /// <param name="producer">Written into the model.</param>
    public ModelProto Build(string producer = "AiAssignments")
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = producer, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
        return model;
    }

    /// <summary>An integer attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="value">Value.</param>
    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A float attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="value">Value.</param>
    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>A list of integers.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="values">Values.</param>
    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
        {
            dimensions.Dim.Add(size switch
            {
                string symbol => new TensorShapeProto.Types.Dimension { DimParam = symbol },
                long fixedSize => new TensorShapeProto.Types.Dimension { DimValue = fixedSize },
                int fixedSize => new TensorShapeProto.Types.Dimension { DimValue = fixedSize },
                _ => throw new ArgumentException($"A size is a number or a name, not {size}.", nameof(shape)),
            });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
