using AiAssignments.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Tests.Quantization;

/// <summary>Runs models in ONNX Runtime on seeded inputs, and looks at the graph that it makes of them.</summary>
internal static class RuntimeRun
{
    private const int Rows = 4;
    private const int Length = 6;

    public static float[] Outputs(string path, int seed = 1)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(path, options);
        using var run = new RunOptions();
        var inputs = session.InputMetadata.Select(input => Input(input.Key, input.Value, seed)).ToList();
        using var results = session.Run(run, [.. session.InputMetadata.Keys], inputs, session.OutputNames);
        var values = results.SelectMany(result => result.GetTensorDataAsSpan<float>().ToArray()).ToArray();
        inputs.ForEach(input => input.Dispose());
        return values;
    }

    /// <summary>Root of the mean squared difference, relative to the expected values'.</summary>
    public static double Error(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.DoesNotContain(found, float.IsNaN);
        return Math.Sqrt(expected.Zip(found).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / expected.Sum(value => Math.Pow(value, 2)));
    }

    /// <summary>How often each operator stands in the graph after ONNX Runtime's optimization.</summary>
    public static Dictionary<string, int> Fused(string path)
    {
        var optimized = path + ".optimized";
        using (var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            OptimizedModelFilePath = optimized,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        })
        {
            using var session = new InferenceSession(path, options);
        }

        return Operators(optimized);
    }

    public static Dictionary<string, int> Operators(string path) =>
        ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.CountBy(node => node.OpType).ToDictionary();

    public static string Save(ModelProto model, string path)
    {
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static OrtValue Input(string name, NodeMetadata type, int seed)
    {
        long[] shape = [.. type.Dimensions.Select((size, at) => size > 0 ? size : at == 0 ? Rows : (long)Length)];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        var random = new Random(seed);
        return type.ElementType switch
        {
            _ when type.ElementType == typeof(float) => OrtValue.CreateTensorValueFromMemory(TestGraphs.Normal(seed, count, 1), shape),
            _ when type.ElementType == typeof(bool) => OrtValue.CreateTensorValueFromMemory([seed % 2 == 0], shape),
            _ => OrtValue.CreateTensorValueFromMemory([.. Enumerable.Range(0, count).Select(_ => name == "attention_mask" ? 1L : name == "token_type_ids" ? 0L : random.NextInt64(64))], shape),
        };
    }
}
