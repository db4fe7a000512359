using System.Runtime.InteropServices;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Shapes;
using AiAssignments.Tests.Quantization;
using Google.Protobuf;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Pruning;

/// <summary>Small networks of the layouts that structured pruning must follow, with seeded weights and no zero biases.</summary>
internal static class PruningGraphs
{
    /// <summary>Two layers of 4 heads of width 8, feed-forward parts of 48, a pooler, two labels.</summary>
    public static ModelProto Bert()
    {
        var model = BertShape.Build(new BertOptions(2, 32, 4, 48, 100, 16), 5);
        foreach (var (seed, tensor) in model.Graph.Initializer.Index().Where(item => item.Item.Name.Contains(".b", StringComparison.Ordinal)))
        {
            var count = (int)tensor.Dims[0];
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(TestGraphs.Normal(seed, count).AsSpan()));
        }

        return model;
    }

    public static IEnumerable<Units> BertUnits(string[] projections)
    {
        for (var layer = 0; layer < 2; layer++)
        {
            var name = $"layer{layer}.";
            yield return new Units(4, [layer + 1], [.. projections.Select(part => (name + part + ".weight", 1))], [(name + "output.weight", 0)]);
            yield return new Units(48, [.. Enumerable.Range(0, 12).Select(at => (at * 4) + layer)], [(name + "inner.weight", 1)], [(name + "outer.weight", 0)]);
        }
    }

    /// <summary>
    /// Residual blocks as ResNets for CIFAR-10 have them: a block within 8 channels, one to 16 by a stride with zeros for the new channels (Slice and Pad), one to 16 by
    /// a 1x1 convolution.
    /// </summary>
    public static ModelProto ResNet()
    {
        var graph = new GraphBuilder("resnet", 13);
        graph.Input("input", DataType.Float, "batch", 3, 8, 8);
        var stem = graph.Node("Relu", [Block(graph, "input", "stem", 3, 8)]);
        var first = Residual(graph, stem, stem, "a", 8, 8, 1);
        graph.Longs("from", [0, 0], 2);
        graph.Longs("to", [8, 8], 2);
        graph.Longs("axes", [2, 3], 2);
        graph.Longs("steps", [2, 2], 2);
        graph.Longs("pads", [0, 4, 0, 0, 0, 4, 0, 0], 8);
        var padded = graph.Node("Pad", [graph.Node("Slice", [first, "from", "to", "axes", "steps"]), "pads"]);
        var second = Residual(graph, first, padded, "b", 8, 16, 2);
        var third = Residual(graph, second, Block(graph, second, "project", 16, 16, kernel: 1), "c", 16, 16, 1);
        Classify(graph, graph.Node("Flatten", [graph.Node("GlobalAveragePool", [third])]), 16);
        return graph.Build();
    }

    /// <summary>Expand, depthwise, squeeze and excite, project; then a grouped convolution between two others.</summary>
    public static ModelProto Mobile()
    {
        var graph = new GraphBuilder("mobile", 17);
        graph.Input("input", DataType.Float, "batch", 3, 8, 8);
        graph.Floats("zero", [0f]);
        graph.Floats("six", [6f]);
        var stem = graph.Node("HardSwish", [Block(graph, "input", "stem", 3, 8)]);
        var wide = graph.Node("Clip", [Block(graph, stem, "expand", 8, 24, kernel: 1), "zero", "six"]);
        var deep = graph.Node("Clip", [Block(graph, wide, "depth", 24, 24, groups: 24), "zero", "six"]);
        var squeezed = graph.Node("GlobalAveragePool", [deep]);
        var reduced = graph.Node("Relu", [Convolution(graph, squeezed, "reduce", 24, 6, 1, 1, 1)]);
        var gate = graph.Node("HardSigmoid", [Convolution(graph, reduced, "excite", 6, 24, 1, 1, 1)]);
        var slow = Block(graph, graph.Node("Mul", [deep, gate]), "project", 24, 8, kernel: 1);
        var sum = graph.Node("Add", [slow, stem]);
        var before = graph.Node("Relu", [Block(graph, sum, "into", 8, 16, kernel: 1)]);
        graph.Floats("slope", TestGraphs.Normal(77, 32), 32, 1, 1);
        var grouped = graph.Node("PRelu", [Convolution(graph, before, "grouped", 16, 32, 3, 1, 4), "slope"]);
        var after = graph.Node("Relu", [Block(graph, grouped, "outof", 32, 12, kernel: 1)]);
        Classify(graph, graph.Node("ReduceMean", [after], null, Attribute("axes", 2, 3), Attribute("keepdims", 0L)), 12);
        return graph.Build();
    }

    /// <summary>A convolution whose image is flattened in one of the ways that exporters write, and two dense layers.</summary>
    public static ModelProto Flattened(string way)
    {
        var graph = new GraphBuilder("flattened", 13);
        graph.Input("input", DataType.Float, "batch", 2, 6, 6);
        var image = graph.Node("MaxPool", [graph.Node("LeakyRelu", [Convolution(graph, "input", "c1", 2, 10, 3, 1, 1)])], null, Attribute("kernel_shape", 2, 2), Attribute("strides", 2, 2));
        graph.Longs("rest", [-1], 1);
        graph.Longs("none", [0]);
        var flat = way switch
        {
            "flatten" => graph.Node("Flatten", [image]),
            "literal" => graph.Node("Reshape", [image, graph.Longs("shape", [-1, 90], 2)]),
            "copy" => graph.Node("Reshape", [image, graph.Longs("shape", [0, -1], 2)]),
            "computed" => graph.Node("Reshape", [image, graph.Node("Concat", [Batch(graph, image, "none"), "rest"], null, Attribute("axis", 0L))]),
            _ => graph.Node("Reshape", [image, graph.Node("Concat", [Batch(graph, image, "none"), graph.Longs("ninety", [90], 1)], null, Attribute("axis", 0L))]),
        };
        graph.Floats("d1", TestGraphs.Normal(41, 20 * 90), 20, 90);
        graph.Floats("d1b", TestGraphs.Normal(42, 20), 20);
        graph.Floats("d2", TestGraphs.Normal(43, 20 * 6), 20, 6);
        graph.Floats("d2b", TestGraphs.Normal(44, 6), 6);
        var hidden = graph.Node("Tanh", [graph.Node("Gemm", [flat, "d1", "d1b"], null, Attribute("transB", 1L), Attribute("alpha", 0.5f))]);
        graph.Node("Add", [graph.Node("MatMul", [hidden, "d2"]), "d2b"], "logits");
        graph.Output("logits", DataType.Float, "batch", 6);
        return graph.Build();
    }

    /// <summary>
    /// A DistilBERT layer as PyTorch's older exporter writes it at operator set 11: shapes joined from parts of <c>Shape</c>, queries divided by the root of the head's width,
    /// a mask stretched to the shape of the scores, layer normalization in its parts. <paramref name="isScaledByShape"/>: the width is read from the shape, as newer exporters do.
    /// </summary>
    public static ModelProto DistilBert(bool isScaledByShape)
    {
        var graph = new GraphBuilder("distilbert", 11);
        graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        graph.Floats("table", TestGraphs.Normal(50, 64 * 24), 64, 24);
        graph.Longs("index0", [0]);
        graph.Longs("rest", [-1], 1);
        graph.Longs("heads", [3], 1);
        graph.Longs("width", [8], 1);
        graph.Longs("all", [24], 1);
        var state = Normalize(graph, graph.Node("Gather", ["table", "input_ids"]), "e");
        string Size() => graph.Node("Unsqueeze", [graph.Node("Gather", [graph.Node("Shape", [state]), "index0"])], null, Attribute("axes", [0L]));
        string Heads(string name, params long[] order) => graph.Node(
            "Transpose",
            [graph.Node("Reshape", [Dense(graph, state, name, 24, 24), graph.Node("Concat", [Size(), "rest", "heads", "width"], null, Attribute("axis", 0L))])],
            null,
            Attribute("perm", order));
        var query = Heads("q", 0, 2, 1, 3);
        var key = Heads("k", 0, 2, 3, 1);
        var value = Heads("v", 0, 2, 1, 3);
        if (isScaledByShape)
        {
            graph.Longs("last", [-1], 1);
            graph.Longs("end", [long.MaxValue], 1);
            var width = graph.Node("Cast", [graph.Node("Slice", [graph.Node("Shape", [query]), "last", "end"])], null, Attribute("to", 1L));
            query = graph.Node("Div", [query, graph.Node("Sqrt", [width])]);
        }
        else
        {
            query = graph.Node("Div", [query, graph.Floats("root", [MathF.Sqrt(8)])]);
        }

        var scores = graph.Node("MatMul", [query, key]);
        var absent = graph.Node("Equal", ["attention_mask", graph.Longs("nothing", [0])]);
        var one = graph.Longs("one", [1], 1);
        var sizes = graph.Node("Concat", [Size(), one, one, "rest"], null, Attribute("axis", 0L));
        var mask = graph.Node("Reshape", [graph.Node("Cast", [absent], null, Attribute("to", 1L)), sizes]);
        var far = graph.Floats("far", [-10000f]);
        var masked = isScaledByShape
            ? graph.Node("Add", [scores, graph.Node("Mul", [mask, far])])
            : graph.Node("Where", [graph.Node("Cast", [graph.Node("Expand", [mask, graph.Node("Shape", [scores])])], null, Attribute("to", 9L)), far, scores]);
        var context = graph.Node("MatMul", [graph.Node("Softmax", [masked], null, Attribute("axis", 3L)), value]);
        var turned = graph.Node("Transpose", [context], null, Attribute("perm", 0, 2, 1, 3));
        var joined = graph.Node("Reshape", [turned, graph.Node("Concat", [Size(), "rest", "all"], null, Attribute("axis", 0L))]);
        state = Normalize(graph, graph.Node("Add", [Dense(graph, joined, "o", 24, 24), state]), "a");
        var inner = graph.Node("Relu", [Dense(graph, state, "up", 24, 40)]);
        state = Normalize(graph, graph.Node("Add", [Dense(graph, inner, "down", 40, 24), state]), "f");
        Dense(graph, graph.Node("Gather", [state, "index0"], null, Attribute("axis", 1L)), "classifier", 24, 2, "logits");
        graph.Output("logits", DataType.Float, "batch", 2);
        return graph.Build();
    }

    /// <summary>A chain of products of random widths with every kind of thing between them.</summary>
    public static ModelProto Random(int seed)
    {
        var random = new Random(seed);
        var graph = new GraphBuilder("random", 11 + random.Next(7));
        graph.Input("x", DataType.Float, "batch", 8);
        var (state, width) = ("x", 8);
        for (var step = 0; step < 3 + random.Next(5); step++)
        {
            var to = 2 + random.Next(15);
            var name = $"w{step}";
            var isTurned = random.Next(2) == 0;
            graph.Floats(name, TestGraphs.Normal(seed + step, width * to), isTurned ? [to, width] : [width, to]);
            graph.Floats(name + "b", TestGraphs.Normal(seed - step, to), to);
            state = isTurned ? graph.Node("Gemm", [state, name, name + "b"], null, Attribute("transB", 1L)) : graph.Node("Add", [name + "b", graph.Node("MatMul", [state, name])]);
            width = to;
            state = random.Next(5) switch
            {
                0 => graph.Node("Sigmoid", [state]),
                1 => graph.Node("Mul", [state, graph.Node("Tanh", [state])]),
                2 => graph.Node("Add", [graph.Node("MatMul", ["x", graph.Floats($"s{step}", TestGraphs.Normal(seed * step, 8 * width), 8, width)]), state]),
                3 => graph.Node("Transpose", [graph.Node("Relu", [graph.Node("Transpose", [state])])]),
                _ => graph.Node("Mul", [state, graph.Floats($"m{step}", TestGraphs.Normal(seed + (7 * step), width), width)]),
            };
        }

        Dense(graph, state, "last", width, 3, "y");
        graph.Output("y", DataType.Float, "batch", 3);
        return graph.Build();
    }

    private static string Batch(GraphBuilder graph, string value, string index)
    {
        graph.Longs("axis0", [0], 1);
        return graph.Node("Unsqueeze", [graph.Node("Gather", [graph.Node("Shape", [value]), index]), "axis0"]);
    }

    private static string Residual(GraphBuilder graph, string input, string shortcut, string name, int from, int to, int stride)
    {
        var inner = graph.Node("Relu", [Block(graph, input, name + "1", from, to, stride: stride)]);
        return graph.Node("Relu", [graph.Node("Add", [Block(graph, inner, name + "2", to, to), shortcut])]);
    }

    private static void Classify(GraphBuilder graph, string flat, int width)
    {
        graph.Floats("linear", TestGraphs.Normal(60, 5 * width), 5, width);
        graph.Floats("linearb", TestGraphs.Normal(61, 5), 5);
        graph.Node("Gemm", [flat, "linear", "linearb"], "logits", Attribute("transB", 1L));
        graph.Output("logits", DataType.Float, "batch", 5);
    }

    private static string Block(GraphBuilder graph, string input, string name, int from, int to, int kernel = 3, int stride = 1, int groups = 1)
    {
        var made = Convolution(graph, input, name, from, to, kernel, stride, groups);
        float[] Positive(int seed) => Array.ConvertAll(TestGraphs.Normal(seed + name[0], to), value => 0.5f + Math.Abs(value));
        graph.Floats(name + ".gamma", Positive(1), to);
        graph.Floats(name + ".beta", TestGraphs.Normal(name[0] + 2, to), to);
        graph.Floats(name + ".mean", TestGraphs.Normal(name[0] + 3, to), to);
        graph.Floats(name + ".variance", Positive(4), to);
        return graph.Node("BatchNormalization", [made, name + ".gamma", name + ".beta", name + ".mean", name + ".variance"]);
    }

    private static string Convolution(GraphBuilder graph, string input, string name, int from, int to, int kernel, int stride, int groups)
    {
        var seed = name.Sum(letter => letter);
        graph.Floats(name, TestGraphs.Normal(seed, to * from / groups * kernel * kernel), to, from / groups, kernel, kernel);
        graph.Floats(name + ".bias", TestGraphs.Normal(seed + 1, to), to);
        var pad = kernel / 2;
        return graph.Node(
            "Conv",
            [input, name, name + ".bias"],
            null,
            Attribute("kernel_shape", kernel, kernel),
            Attribute("pads", pad, pad, pad, pad),
            Attribute("strides", stride, stride),
            Attribute("group", (long)groups));
    }

    private static string Dense(GraphBuilder graph, string input, string name, int from, int to, string? output = null)
    {
        graph.Floats(name, TestGraphs.Normal(name[0] + to, from * to), from, to);
        graph.Floats(name + ".bias", TestGraphs.Normal(name[0], to), to);
        return graph.Node("Add", [graph.Node("MatMul", [input, name]), name + ".bias"], output);
    }

    private static string Normalize(GraphBuilder graph, string input, string name)
    {
        var centred = graph.Node("Sub", [input, graph.Node("ReduceMean", [input], null, Attribute("axes", [-1L]))]);
        var variance = graph.Node("ReduceMean", [graph.Node("Pow", [centred, graph.Floats(name + ".two", [2f])])], null, Attribute("axes", [-1L]));
        var root = graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Floats(name + ".epsilon", [1e-5f])])]);
        return graph.Node("Mul", [graph.Node("Div", [centred, root]), graph.Floats(name + ".gamma", TestGraphs.Normal(name[0], 24, 1), 24)]);
    }
}
