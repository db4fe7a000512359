using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Pruning;

/// <summary>Graphs of seeded shapes for counting zeros, and what a pass did to them in memory.</summary>
internal sealed record ZeroedWeights(IReadOnlyList<float[]> Before, IReadOnlyList<float[]> After, IReadOnlyList<long[]> Dims, PassResult Result)
{
    /// <summary>One to five weights of products and convolutions; numbers of few levels, so that many are equal, and a share of zeros.</summary>
    public static ModelProto Graph(int seed, bool isHalf)
    {
        var random = new Random(seed);
        var graph = new GraphBuilder("counts", 13);
        graph.Input("x", isHalf ? DataType.Float16 : DataType.Float, "batch", "a", "b", "c");
        var levels = 1 + random.Next(40);
        var zeros = random.Next(3) * 0.15;
        for (var at = 0; at < 1 + random.Next(5); at++)
        {
            var isConvolution = random.Next(3) == 0;
            long[] dims = isConvolution ? [1 + random.Next(9), 1 + random.Next(9), 1 + random.Next(3), 1 + random.Next(3)] : [1 + random.Next(30), 1 + random.Next(30)];
            var values = Enumerable.Range(0, (int)dims.Aggregate((left, right) => left * right))
                .Select(_ => random.NextDouble() < zeros ? (random.Next(2) == 0 ? 0f : -0f) : (random.Next(levels) + 1) / 16f * (random.Next(2) == 0 ? 1 : -1)).ToArray();
            var name = graph.Initializer(
                $"w{at}",
                isHalf ? DataType.Float16 : DataType.Float,
                isHalf ? System.Runtime.InteropServices.MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()) : System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()),
                dims);
            graph.Node(isConvolution ? "Conv" : random.Next(2) == 0 ? "MatMul" : "Gemm", ["x", name], $"y{at}", [.. isConvolution ? [] : new[] { Attribute("transB", at % 2L) }]);
        }

        return graph.Build();
    }

    public static ZeroedWeights Of(ModelProto proto, IGraphPass pass)
    {
        using var model = OnnxModel.Of(proto);
        float[][] Read() => [.. model.Graph.Initializer.Select(model.Tensors.Floats)];
        var before = Read();
        var report = new PassReport();
        ((IInPlacePass)pass).ChangeAsync(model, report, string.Empty, null, CancellationToken.None).GetAwaiter().GetResult();
        return new(before, Read(), [.. model.Graph.Initializer.Select(tensor => tensor.Dims.ToArray())], report.Result());
    }

    public string Fact(string name) => Result.Facts.Single(fact => fact.Name == name).Value;
}
