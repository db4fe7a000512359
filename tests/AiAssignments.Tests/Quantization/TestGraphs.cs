using AiAssignments.Onnx;
using AiAssignments.Onnx.Shapes;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Small models of every layout that a pass must take, with seeded weights.</summary>
internal static class TestGraphs
{
    public static ModelProto Bert() => BertShape.Build(new BertOptions(1, 64, 2, 128, 500, 32), 3);

    /// <summary>Gemm with transB, alpha and beta; then a MatMul and an Add.</summary>
    public static ModelProto Dense(long opset)
    {
        var graph = new GraphBuilder("dense", opset);
        graph.Input("x", DataType.Float, "batch", 24);
        graph.Floats("w1", Normal(1, 32 * 24), 32, 24);
        graph.Floats("b1", Normal(2, 32), 32);
        graph.Floats("w2", Normal(3, 32 * 16), 32, 16);
        graph.Floats("b2", Normal(4, 16), 16);
        var hidden = graph.Node("Gemm", ["x", "w1", "b1"], null, Attribute("transB", 1L), Attribute("alpha", 0.5f), Attribute("beta", 2f));
        graph.Node("Add", [graph.Node("MatMul", [graph.Node("Relu", [hidden]), "w2"]), "b2"], "y");
        graph.Output("y", DataType.Float, "batch", 16);
        return graph.Build();
    }

    /// <summary>A residual convolutional network with batch normalization, a concatenation, pools and a classifier.</summary>
    public static ModelProto Convolutional(long opset)
    {
        var graph = new GraphBuilder("convolutional", opset);
        graph.Input("image", DataType.Float, "batch", 3, 12, 12);
        var first = graph.Node("Relu", [Normalized(graph, Convolution(graph, "image", "c1", 3, 8), "n1", 8)]);
        var second = Normalized(graph, Convolution(graph, first, "c2", 8, 8), "n2", 8);
        var sum = graph.Node("Relu", [graph.Node("Add", [second, first])]);
        var pooled = graph.Node("MaxPool", [sum], null, Attribute("kernel_shape", 2, 2), Attribute("strides", 2, 2));
        graph.Floats("zero", [0f]);
        graph.Floats("six", [6f]);
        var left = graph.Node("Clip", [Convolution(graph, pooled, "c3", 8, 4, hasBias: true), "zero", "six"]);
        var both = graph.Node("Concat", [left, pooled], null, Attribute("axis", 1L));
        var flat = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [both])], null, Attribute("axis", 1L));
        graph.Floats("fc", Normal(30, 5 * 12), 5, 12);
        graph.Floats("fcb", Normal(31, 5), 5);
        graph.Node("Gemm", [flat, "fc", "fcb"], "logits", Attribute("transB", 1L));
        graph.Output("logits", DataType.Float, "batch", 5);
        return graph.Build();
    }

    /// <summary>One weight in two products and, unless freed, in a sum that stays in float.</summary>
    public static ModelProto Shared(bool isFreed)
    {
        var graph = new GraphBuilder("shared", 13);
        graph.Input("x", DataType.Float, "batch", 16);
        graph.Floats("w", Normal(5, 256), 16, 16);
        var twice = graph.Node("MatMul", [graph.Node("Tanh", [graph.Node("MatMul", ["x", "w"])]), "w"]);
        graph.Node(isFreed ? "Tanh" : "Add", isFreed ? [twice] : [twice, graph.Node("ReduceMax", ["w"], null, Attribute("keepdims", 0L))], "y");
        graph.Output("y", DataType.Float, "batch", 16);
        return graph.Build();
    }

    /// <summary>An embedding table whose transpose is the output layer, as language models have it.</summary>
    public static ModelProto Tied(long opset = 17)
    {
        var graph = new GraphBuilder("tied", opset);
        graph.Input("ids", DataType.Int64, "batch", "length");
        graph.Floats("table", Normal(6, 64 * 16), 64, 16);
        var state = graph.Node("Tanh", [graph.Node("Gather", ["table", "ids"])]);
        graph.Node("MatMul", [state, graph.Node("Transpose", [graph.Node("Identity", ["table"])], null, Attribute("perm", 1, 0))], "y");
        graph.Output("y", DataType.Float, "batch", "length", 64);
        return graph.Build();
    }

    /// <summary>A table of float16, cast after the lookup or before it.</summary>
    public static ModelProto HalfTable(bool isCastFirst, long opset = 13)
    {
        var graph = new GraphBuilder("half-table", opset);
        graph.Input("ids", DataType.Int64, "batch", "length");
        var halves = Array.ConvertAll(Normal(7, 64 * 16), value => (Half)value);
        graph.Initializer("table", DataType.Float16, System.Runtime.InteropServices.MemoryMarshal.AsBytes(halves.AsSpan()), 64, 16);
        var rows = isCastFirst
            ? graph.Node("Gather", [graph.Node("Cast", ["table"], null, Attribute("to", 1L)), "ids"])
            : graph.Node("Cast", [graph.Node("Gather", ["table", "ids"])], null, Attribute("to", 1L));
        graph.Floats("w", Normal(8, 16 * 32), 16, 32);
        graph.Node("MatMul", [rows, "w"], "y");
        graph.Output("y", DataType.Float, "batch", "length", 32);
        return graph.Build();
    }

    /// <summary>Products in both branches of an If, of outer weights and of their own, on an outer activation; the condition is an input.</summary>
    public static ModelProto Branches()
    {
        var graph = new GraphBuilder("branches", 13);
        graph.Input("x", DataType.Float, "batch", 16);
        graph.Input("flag", DataType.Bool);
        graph.Floats("w", Normal(9, 256), 16, 16);
        var state = graph.Node("Tanh", [graph.Node("MatMul", ["x", "w"])]);
        var model = graph.Build();
        var then = new GraphProto { Name = "then", Node = { MakeNode("MatMul", [state, "w"], "t") }, Output = { Value("t") } };
        var own = new TensorProto { Name = "own", DataType = 1, Dims = { 16, 16 } };
        own.FloatData.Add(Normal(10, 256));
        var otherwise = new GraphProto
        {
            Name = "else",
            Initializer = { own },
            Node = { MakeNode("MatMul", [state, "own"], "e1"), MakeNode("Add", ["e1", state], "e") },
            Output = { Value("e") },
        };
        var choice = MakeNode("If", ["flag"], "y");
        choice.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = then });
        choice.Attribute.Add(new AttributeProto { Name = "else_branch", Type = AttributeProto.Types.AttributeType.Graph, G = otherwise });
        model.Graph.Node.Add(choice);
        model.Graph.Output.Add(Value("y"));
        return model;
    }

    /// <summary>Weights in Constant nodes, through Identity and Transpose; every initializer listed as an input, as in files of representation 3.</summary>
    public static ModelProto Unfolded()
    {
        var model = new GraphBuilder("unfolded", 11);
        model.Input("x", DataType.Float, "batch", 20);
        model.Floats("w", Normal(11, 24 * 20), 24, 20);
        var built = model.Build();
        built.IrVersion = 3;
        var graph = built.Graph;
        graph.Input.Add(Value("w", 24, 20));
        var constant = new TensorProto { DataType = 1, Dims = { 24, 16 } };
        constant.FloatData.Add(Normal(12, 24 * 16));
        var node = MakeNode("Constant", [], "c");
        node.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = constant });
        graph.Node.Add(node);
        graph.Node.Add(MakeNode("Identity", ["w"], "i"));
        graph.Node.Add(MakeNode("Transpose", ["i"], "t"));
        graph.Node.Add(MakeNode("MatMul", ["x", "t"], "h"));
        graph.Node.Add(MakeNode("MatMul", ["h", "c"], "y"));
        graph.Output.Add(Value("y"));
        return built;
    }

    /// <summary>A random chain and mesh of products, sums and nonlinearities of width 16 to 48.</summary>
    public static ModelProto Random(int seed)
    {
        var random = new Random(seed);
        var graph = new GraphBuilder("random", 11 + random.Next(7));
        graph.Input("x", DataType.Float, "batch", 24);
        var values = new List<(string Name, int Width)> { ("x", 24) };
        for (var step = 0; step < 4 + random.Next(8); step++)
        {
            var (name, width) = values[random.Next(values.Count)];
            var same = values.Where(value => value.Width == width).ToList();
            var to = 16 + (8 * random.Next(5));
            values.Add(random.Next(5) switch
            {
                0 => (graph.Node("Tanh", [name]), width),
                1 => (graph.Node("Add", [name, same[random.Next(same.Count)].Name]), width),
                2 => (graph.Node("Gemm", [name, graph.Floats($"w{step}", Normal(seed + step, to * width), to, width), graph.Floats($"b{step}", Normal(step, to), to)], null, Attribute("transB", 1L)), to),
                _ => (graph.Node("MatMul", [name, graph.Floats($"w{step}", Normal(seed + step, to * width), width, to)]), to),
            });
        }

        graph.Floats("last", Normal(seed, values[^1].Width * 16), values[^1].Width, 16);
        graph.Node("MatMul", [graph.Node("Tanh", [values[^1].Name]), "last"], "y");
        graph.Output("y", DataType.Float, "batch", 16);
        return graph.Build();
    }

    public static float[] Normal(int seed, int count, double deviation = 0.2)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    private static string Convolution(GraphBuilder graph, string input, string name, int from, int to, bool hasBias = false)
    {
        graph.Floats(name, Normal(name[1], to * from * 9), to, from, 3, 3);
        string[] inputs = hasBias ? [input, name, graph.Floats(name + "b", Normal(name[1] + 1, to), to)] : [input, name];
        return graph.Node("Conv", inputs, null, Attribute("kernel_shape", 3, 3), Attribute("pads", 1, 1, 1, 1));
    }

    private static string Normalized(GraphBuilder graph, string input, string name, int channels)
    {
        float[] Positive(int seed) => Array.ConvertAll(Normal(seed, channels), value => 1 + Math.Abs(value));
        graph.Floats(name + "g", Positive(20), channels);
        graph.Floats(name + "b", Normal(21, channels), channels);
        graph.Floats(name + "m", Normal(22, channels), channels);
        graph.Floats(name + "v", Positive(23), channels);
        return graph.Node("BatchNormalization", [input, name + "g", name + "b", name + "m", name + "v"], null, Attribute("epsilon", 1e-5f));
    }

    private static NodeProto MakeNode(string type, string[] inputs, string output) => new() { OpType = type, Name = "node_" + output, Input = { inputs }, Output = { output } };

    private static ValueInfoProto Value(string name, params long[] shape)
    {
        var type = new TypeProto.Types.Tensor { ElemType = 1 };
        var sizes = shape.Length > 0
            ? shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size })
            : new[] { "batch", "width" }.Select(size => new TensorShapeProto.Types.Dimension { DimParam = size });
        type.Shape = new TensorShapeProto { Dim = { sizes } };

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
