using AiAssignments.Onnx;
using Google.Protobuf;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.InferenceTests.Support;

/// <summary>Graphs of a few nodes whose outputs can be worked out by hand.</summary>
internal static class TinyGraphs
{
    public const int Vocabulary = 64;

    /// <summary>The logit of label l is the sum over tokens of sin(id + 7 l), padding left out.</summary>
    public static ModelProto Text(int labels = 3, DataType type = DataType.Int64, object? batch = null, object? length = null, int? brokenId = null, object? declared = null, float broken = float.NaN)
    {
        var graph = new GraphBuilder("text");
        graph.Input("input_ids", type, batch ?? "batch", length ?? "sequence");
        graph.Input("attention_mask", type, batch ?? "batch", length ?? "sequence");
        graph.Floats("table", Table(labels, brokenId, broken), Vocabulary, labels);
        graph.Longs("last", [2], 1);
        graph.Longs("tokens", [1], 1);
        var rows = graph.Node("Gather", ["table", "input_ids"]);
        var mask = graph.Node("Unsqueeze", [graph.Node("Cast", ["attention_mask"], null, Attribute("to", (long)DataType.Float)), "last"]);
        graph.Node("ReduceSum", [graph.Node("Mul", [rows, mask]), "tokens"], "logits", Attribute("keepdims", 0L));
        graph.Output("logits", DataType.Float, batch ?? "batch", declared ?? (object)labels);
        return graph.Build();
    }

    public static float Logit(int id, int label) => MathF.Sin(id + (7 * label));

    /// <summary>Label 0's logit is sin(id), label 1's a tenth of the number of positions so far: it tells where in its window a token stood.</summary>
    public static ModelProto Tagger(int? brokenId = null, float broken = float.NaN)
    {
        var graph = new GraphBuilder("tagger");
        graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        graph.Floats("table", Table(1, brokenId, broken), Vocabulary, 1);
        graph.Floats("tenth", [0.1f]);
        graph.Longs("axis", [1]);
        graph.Longs("last", [2], 1);
        var count = graph.Node("CumSum", [graph.Node("Cast", ["attention_mask"], null, Attribute("to", (long)DataType.Float)), "axis"]);
        var place = graph.Node("Unsqueeze", [graph.Node("Mul", [count, "tenth"]), "last"]);
        graph.Node("Concat", [graph.Node("Gather", ["table", "input_ids"]), place], "logits", Attribute("axis", 2L));
        graph.Output("logits", DataType.Float, "batch", "sequence", 2);
        return graph.Build();
    }

    /// <summary>A hashing tagger: the logits of a position are the sum of its ids' rows.</summary>
    public static ModelProto HashingTagger(int idsPerPosition, int labels)
    {
        var graph = new GraphBuilder("hashing-tagger");
        graph.Input("input_ids", DataType.Int64, "batch", "ids");
        graph.Floats("table", Table(labels, null), Vocabulary, labels);
        graph.Longs("shape", [0, -1, idsPerPosition], 3);
        graph.Longs("axis", [2], 1);
        var grouped = graph.Node("Reshape", ["input_ids", "shape"]);
        graph.Node("ReduceSum", [graph.Node("Gather", ["table", grouped]), "axis"], "logits", Attribute("keepdims", 0L));
        graph.Output("logits", DataType.Float, "batch", "words", labels);
        return graph.Build();
    }

    /// <summary>The mean of each channel, ten (or another factor) times, as three logits.</summary>
    public static ModelProto ChannelMeans(bool nhwc = false, object? batch = null, float factor = 10, int side = 4)
    {
        var graph = new GraphBuilder("image");
        object[] shape = nhwc ? [batch ?? "batch", side, side, 3] : [batch ?? "batch", 3, side, side];
        graph.Input("pixels", DataType.Float, shape);
        graph.Floats("ten", [factor]);
        var mean = graph.Node("ReduceMean", ["pixels"], null, nhwc ? Attribute("axes", 1, 2) : Attribute("axes", 2, 3), Attribute("keepdims", 0L));
        graph.Node("Mul", [mean, "ten"], "scores");
        graph.Output("scores", DataType.Float, batch ?? "batch", 3);
        return graph.Build();
    }

    public static string Write(this ModelProto model, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static float[] Table(int labels, int? brokenId, float broken = float.NaN)
    {
        var table = new float[Vocabulary * labels];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = i / labels == brokenId ? broken : Logit(i / labels, i % labels);
        }

        return table;
    }
}
