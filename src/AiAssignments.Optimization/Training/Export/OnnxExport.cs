using System.Runtime.InteropServices;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Networks;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Training.Export;

/// <summary>
/// Writes trained networks as ONNX graphs (operator set 17) with symbolic batch and length. A table whose numbers are all of half precision
/// (see <see cref="Parameter.RoundToHalf"/>) is stored in two bytes a number and loses nothing.
/// </summary>
public static class OnnxExport
{
    /// <summary><c>input_ids</c> int64 [batch, length] to <c>logits</c> float [batch, labels].</summary>
    /// <param name="network">The network.</param>
    public static ModelProto ToOnnx(this TextNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var graph = new GraphBuilder("text-classifier");
        var ids = graph.Input("input_ids", DataType.Int64, "batch", "length");
        var rows = graph.Node("Gather", [Table(graph, network.Embeddings), ids]);
        var overLength = graph.Longs("axis_length", [1], 1);
        var sum = graph.Node("ReduceSum", [rows, overLength], null, GraphBuilder.Attribute("keepdims", 0));

        // Padding adds zeros to the sum, and must not count in the mean.
        var isToken = graph.Node("Cast", [ids], null, GraphBuilder.Attribute("to", (long)DataType.Bool));
        var ones = graph.Node("Cast", [isToken], null, GraphBuilder.Attribute("to", (long)DataType.Float));
        var count = graph.Node("ReduceSum", [ones, overLength], null, GraphBuilder.Attribute("keepdims", 1));
        var divisor = graph.Node("Max", [count, graph.Floats("one", [1f])]);
        var features = graph.Node("Div", [sum, divisor]);
        if (network.Hidden is { } hidden)
        {
            features = graph.Node("Relu", [Dense(graph, hidden, features)]);
        }

        Dense(graph, network.Output, features, "logits");
        graph.Output("logits", DataType.Float, "batch", network.Labels);
        return graph.Build();
    }

    /// <summary><c>input_ids</c> int64 [batch, words * ids a word] to <c>logits</c> float [batch, words, labels]. Words of padding only do not change others.</summary>
    /// <param name="network">The network.</param>
    public static ModelProto ToOnnx(this TaggingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var options = network.Options;
        var graph = new GraphBuilder("tagger");
        var ids = graph.Input("input_ids", DataType.Int64, "batch", "length");
        var byWord = graph.Node("Reshape", [ids, graph.Longs("by_word", [0, -1, options.IdsPerWord], 3)]);
        var rows = graph.Node("Gather", [Table(graph, network.Embeddings), byWord]);
        var words = graph.Node("ReduceSum", [rows, graph.Longs("axis_features", [2], 1)], null, GraphBuilder.Attribute("keepdims", 0));
        var channelsFirst = graph.Node("Transpose", [words], null, GraphBuilder.Attribute("perm", 0, 2, 1));
        var weights = graph.Floats("convolution.weight", Filters(network), options.Hidden, options.Dimensions, options.WindowWords);
        var bias = graph.Floats("convolution.bias", network.Convolution.Bias.Values, options.Hidden);
        var border = options.WindowWords / 2;
        var maps = graph.Node("Conv", [channelsFirst, weights, bias], null, GraphBuilder.Attribute("pads", border, border));
        var hidden = graph.Node("Transpose", [graph.Node("Relu", [maps])], null, GraphBuilder.Attribute("perm", 0, 2, 1));
        var output = network.Output;
        var product = graph.Node("MatMul", [hidden, graph.Floats("output.weight", output.Weights.Values, output.Inputs, output.Outputs)]);
        graph.Node("Add", [product, graph.Floats("output.bias", output.Bias.Values, output.Outputs)], "logits");
        graph.Output("logits", DataType.Float, "batch", "words", network.Labels);
        return graph.Build();
    }

    /// <summary><c>pixels</c> float [batch, channels, height, width] to <c>logits</c> float [batch, labels].</summary>
    /// <param name="network">The network.</param>
    public static ModelProto ToOnnx(this ImageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var options = network.Options;
        var graph = new GraphBuilder("image-classifier");
        var image = graph.Input("pixels", DataType.Float, "batch", options.Channels, options.Height, options.Width);
        var maps = Stage(graph, network.Second, Stage(graph, network.First, image));
        var flat = graph.Node("Flatten", [maps], null, GraphBuilder.Attribute("axis", 1));
        Dense(graph, network.Output, graph.Node("Relu", [Dense(graph, network.Hidden, flat)]), "logits");
        graph.Output("logits", DataType.Float, "batch", network.Labels);
        return graph.Build();
    }

    /// <summary><c>pixels</c> float [batch, channels, height, width] to <c>logits</c> float [batch, labels].</summary>
    /// <param name="network">The network.</param>
    public static ModelProto ToOnnx(this ConvolutionNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var options = network.Options;
        var graph = new GraphBuilder("image-classifier");
        var maps = graph.Input("pixels", DataType.Float, "batch", options.Channels, options.Height, options.Width);
        foreach (var layer in network.Layers)
        {
            var rectified = Rectified(graph, layer.Convolution, maps);
            maps = layer.IsResidual ? graph.Node("Add", [maps, rectified]) : rectified;
            maps = layer.Pools ? Pooled(graph, maps) : maps;
        }

        var means = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [maps])], null, GraphBuilder.Attribute("axis", 1));
        Dense(graph, network.Output, means, "logits");
        graph.Output("logits", DataType.Float, "batch", network.Labels);
        return graph.Build();
    }

    private static string Stage(GraphBuilder graph, ImageConvolution layer, string input) => Pooled(graph, Rectified(graph, layer, input));

    private static string Rectified(GraphBuilder graph, ImageConvolution layer, string input)
    {
        var weights = graph.Floats(layer.Weights.Name, layer.Weights.Values, layer.Filters, layer.Channels, 3, 3);
        var bias = graph.Floats(layer.Bias.Name, layer.Bias.Values, layer.Filters);
        return graph.Node("Relu", [graph.Node("Conv", [input, weights, bias], null, GraphBuilder.Attribute("pads", 1, 1, 1, 1))]);
    }

    private static string Pooled(GraphBuilder graph, string maps) =>
        graph.Node("MaxPool", [maps], null, GraphBuilder.Attribute("kernel_shape", 2, 2), GraphBuilder.Attribute("strides", 2, 2));

    private static string Dense(GraphBuilder graph, DenseLayer layer, string input, string? output = null)
    {
        var weights = graph.Floats(layer.Weights.Name, layer.Weights.Values, layer.Inputs, layer.Outputs);
        return graph.Node("Gemm", [input, weights, graph.Floats(layer.Bias.Name, layer.Bias.Values, layer.Outputs)], output);
    }

    private static string Table(GraphBuilder graph, Parameter table)
    {
        if (Array.Exists(table.Values, value => (float)(Half)value != value))
        {
            return graph.Floats(table.Name, table.Values, table.Rows, table.Columns);
        }

        Half[] halves = [.. table.Values.Select(value => (Half)value)];
        var stored = graph.Initializer($"{table.Name}.half", DataType.Float16, MemoryMarshal.AsBytes(halves.AsSpan()), table.Rows, table.Columns);
        return graph.Node("Cast", [stored], table.Name, GraphBuilder.Attribute("to", (long)DataType.Float));
    }

    // From (tap, dimension) x filter, as the trainer multiplies, to filter x dimension x tap, as ONNX's Conv wants.
    private static float[] Filters(TaggingNetwork network)
    {
        var options = network.Options;
        var source = network.Convolution.Weights.Values;
        var filters = new float[source.Length];
        var at = 0;
        for (var filter = 0; filter < options.Hidden; filter++)
        {
            for (var dimension = 0; dimension < options.Dimensions; dimension++)
            {
                for (var tap = 0; tap < options.WindowWords; tap++)
                {
                    filters[at++] = source[(((tap * options.Dimensions) + dimension) * options.Hidden) + filter];
                }
            }
        }

        return filters;
    }
}
