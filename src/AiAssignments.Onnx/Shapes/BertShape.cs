using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Onnx.Shapes;

/// <summary>
/// A BERT-shaped encoder with seeded random weights, for measuring speed where a trained model is not needed. Inputs <c>input_ids</c>, <c>attention_mask</c>
/// and <c>token_type_ids</c> (int64 [batch, sequence]); output <c>logits</c>. Nodes stand in the order that PyTorch's exporter writes, which is what ONNX
/// Runtime's attention, GELU and layer-normalization fusions look for.
/// </summary>
public sealed class BertShape
{
    private readonly BertOptions options;
    private readonly Random random;
    private readonly GraphBuilder graph;

    private BertShape(BertOptions options, int seed)
    {
        this.options = options;
        random = new Random(seed);
        graph = new GraphBuilder("bert-shape", 17);
    }

    /// <summary>Builds the model.</summary>
    /// <param name="options">Its sizes.</param>
    /// <param name="seed">Seed of the weights: normal, standard deviation 0.02, as BERT is initialized.</param>
    public static ModelProto Build(BertOptions options, int seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.Hidden % options.Heads, 0);
        return new BertShape(options, seed).Build();
    }

    private ModelProto Build()
    {
        graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        graph.Input("token_type_ids", DataType.Int64, "batch", "sequence");
        graph.Longs("zero", [0], 1);
        graph.Longs("one", [1], 1);
        graph.Longs("two", [2], 1);
        graph.Longs("split", [0, 0, options.Heads, options.Hidden / options.Heads], 4);
        graph.Longs("join", [0, 0, options.Hidden], 3);
        graph.Floats("root", [MathF.Sqrt(options.Hidden / options.Heads)]);
        graph.Floats("sqrt2", [MathF.Sqrt(2)]);
        graph.Floats("half", [0.5f]);
        graph.Floats("unit", [1f]);
        graph.Floats("far", [-10000f]);
        var mask = Mask();
        var state = Embed();
        for (var layer = 0; layer < options.Layers; layer++)
        {
            state = Layer(state, mask, $"layer{layer}.");
        }

        Head(state);
        return graph.Build();
    }

    private string Mask()
    {
        var row = graph.Node("Unsqueeze", ["attention_mask", "one"]);
        var wide = graph.Node("Unsqueeze", [row, "two"]);
        var number = graph.Node("Cast", [wide], null, Attribute("to", (long)DataType.Float));
        return graph.Node("Mul", [graph.Node("Sub", ["unit", number]), "far"]);
    }

    private string Embed()
    {
        var words = graph.Node("Gather", [Weights("embeddings.word", options.Vocabulary, options.Hidden), "input_ids"]);
        var types = graph.Node("Gather", [Weights("embeddings.type", 2, options.Hidden), "token_type_ids"]);
        var positions = new long[options.MaxPositions];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        graph.Longs("position_ids", positions, 1, options.MaxPositions);
        var length = graph.Node("Slice", [graph.Node("Shape", ["input_ids"]), "one", "two", "zero"]);
        var ids = graph.Node("Slice", ["position_ids", "zero", length, "one"]);
        var places = graph.Node("Gather", [Weights("embeddings.position", options.MaxPositions, options.Hidden), ids]);
        return Normalize(graph.Node("Add", [graph.Node("Add", [words, types]), places]), "embeddings.");
    }

    private string Layer(string state, string mask, string name)
    {
        var query = Heads(state, name + "query", 0, 2, 1, 3);
        var key = Heads(state, name + "key", 0, 2, 3, 1);
        var value = Heads(state, name + "value", 0, 2, 1, 3);
        var scores = graph.Node("Add", [graph.Node("Div", [graph.Node("MatMul", [query, key]), "root"]), mask]);
        var context = graph.Node("MatMul", [graph.Node("Softmax", [scores], null, Attribute("axis", -1L)), value]);
        var joined = graph.Node("Reshape", [graph.Node("Transpose", [context], null, Attribute("perm", 0, 2, 1, 3)), "join"]);
        var attended = Normalize(graph.Node("Add", [Dense(joined, name + "output", options.Hidden, options.Hidden), state]), name + "attention.");
        var inner = Dense(attended, name + "inner", options.Hidden, options.Intermediate);
        var erf = graph.Node("Erf", [graph.Node("Div", [inner, "sqrt2"])]);
        var gelu = graph.Node("Mul", [graph.Node("Mul", [inner, graph.Node("Add", [erf, "unit"])]), "half"]);
        return Normalize(graph.Node("Add", [Dense(gelu, name + "outer", options.Intermediate, options.Hidden), attended]), name + "final.");
    }

    private void Head(string state)
    {
        if (options.PerToken)
        {
            Dense(state, "classifier", options.Hidden, options.Labels, "logits");
            graph.Output("logits", DataType.Float, "batch", "sequence", options.Labels);
            return;
        }

        graph.Longs("first", [0]);
        var first = graph.Node("Gather", [state, "first"], null, Attribute("axis", 1L));
        var pooled = graph.Node("Tanh", [Dense(first, "pooler", options.Hidden, options.Hidden)]);
        Dense(pooled, "classifier", options.Hidden, options.Labels, "logits");
        graph.Output("logits", DataType.Float, "batch", options.Labels);
    }

    private string Heads(string state, string name, params long[] order)
    {
        var split = graph.Node("Reshape", [Dense(state, name, options.Hidden, options.Hidden), "split"]);
        return graph.Node("Transpose", [split], null, Attribute("perm", order));
    }

    private string Dense(string input, string name, int from, int to, string? output = null)
    {
        var product = graph.Node("MatMul", [input, Weights(name + ".weight", from, to)]);
        return graph.Node("Add", [product, graph.Floats(name + ".bias", new float[to], to)], output);
    }

    private string Normalize(string input, string name)
    {
        var gamma = new float[options.Hidden];
        Array.Fill(gamma, 1f);
        graph.Floats(name + "gamma", gamma, options.Hidden);
        graph.Floats(name + "beta", new float[options.Hidden], options.Hidden);
        return graph.Node("LayerNormalization", [input, name + "gamma", name + "beta"], null, Attribute("axis", -1L), Attribute("epsilon", 1e-12f));
    }

    private string Weights(string name, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i += 2)
        {
            // Box and Muller's two normals from two uniforms.
            var radius = 0.02 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * sine);
            }
        }

        return graph.Floats(name, values, rows, columns);
    }
}
