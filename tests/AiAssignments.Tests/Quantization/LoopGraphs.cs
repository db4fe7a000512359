using AiAssignments.Onnx;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Models whose products stand in bodies that run several times.</summary>
internal static class LoopGraphs
{
    /// <summary>Three steps of <c>state = tanh(state W + bias)</c>, W of the outer graph, the bias of the body; each step's state is an output, too.</summary>
    public static ModelProto Loop(long opset)
    {
        var graph = new GraphBuilder("loop", opset);
        graph.Input("x", DataType.Float, "batch", 16);
        graph.Floats("w", TestGraphs.Normal(40, 256), 16, 16);
        graph.Floats("last", TestGraphs.Normal(41, 256), 16, 16);
        graph.Initializer("steps", DataType.Int64, BitConverter.GetBytes(3L));
        graph.Initializer("go", DataType.Bool, [1]);
        var model = graph.Build();
        var body = new GraphProto
        {
            Name = "body",
            Initializer = { Floats("own", TestGraphs.Normal(42, 256), 16, 16) },
            Node =
            {
                Node("MatMul", ["state", "w"], "product"), Node("MatMul", ["product", "own"], "second"), Node("Tanh", ["second"], "next"),
                Node("Identity", ["goes"], "going"), Node("Identity", ["next"], "seen"),
            },
            Input = { Value("step", DataType.Int64), Value("goes", DataType.Bool), Value("state", DataType.Float, "batch", 16) },
            Output = { Value("going", DataType.Bool), Value("next", DataType.Float, "batch", 16), Value("seen", DataType.Float, "batch", 16) },
        };
        var loop = Node("Loop", ["steps", "go", "x"], "end");
        loop.Output.Add("all");
        loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        model.Graph.Node.Add(loop);
        model.Graph.Node.Add(Node("MatMul", ["end", "last"], "y"));
        model.Graph.Output.Add(Value("y", DataType.Float, "batch", 16));
        model.Graph.Output.Add(Value("all", DataType.Float, "steps", "batch", 16));
        return model;
    }

    /// <summary>A scan along the first dimension: <c>state = tanh(x_t W + state U)</c>; the weight W is used outside of the body as well.</summary>
    public static ModelProto Scan(long opset)
    {
        var graph = new GraphBuilder("scan", opset);
        graph.Input("x", DataType.Float, 5, 4, 16);
        graph.Floats("w", TestGraphs.Normal(43, 256), 16, 16);
        graph.Floats("zero", new float[4 * 16], 4, 16);
        graph.Node("MatMul", ["x", "w"], "outer");
        var model = graph.Build();
        var body = new GraphProto
        {
            Name = "body",
            Initializer = { Floats("u", TestGraphs.Normal(44, 256), 16, 16) },
            Node =
            {
                Node("MatMul", ["now", "w"], "a"), Node("MatMul", ["state", "u"], "b"), Node("Add", ["a", "b"], "sum"), Node("Tanh", ["sum"], "next"),
                Node("Identity", ["next"], "seen"),
            },
            Input = { Value("state", DataType.Float, 4, 16), Value("now", DataType.Float, 4, 16) },
            Output = { Value("next", DataType.Float, 4, 16), Value("seen", DataType.Float, 4, 16) },
        };
        var scan = Node("Scan", ["zero", "outer"], "end");
        scan.Output.Add("all");
        scan.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        scan.Attribute.Add(Attribute("num_scan_inputs", 1L));
        model.Graph.Node.Add(scan);
        model.Graph.Output.Add(Value("end", DataType.Float, 4, 16));
        model.Graph.Output.Add(Value("all", DataType.Float, 5, 4, 16));
        return model;
    }

    private static TensorProto Floats(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float, Dims = { shape } };
        tensor.FloatData.Add(values);
        return tensor;
    }

    private static NodeProto Node(string type, string[] inputs, string output) => new() { OpType = type, Name = "node_" + output, Input = { inputs }, Output = { output } };

    private static ValueInfoProto Value(string name, DataType type, params object[] shape)
    {
        var sizes = shape.Select(size => size is string symbol
            ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture) });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto { Dim = { sizes } } } },
        };
    }
}
