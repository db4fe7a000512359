using AiAssignments.Onnx;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Sensitivity;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

public sealed class SensitivityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_layer_with_an_outlier_comes_first()
    {
        // Of three layers of the same size, the second holds one weight 300 times as large as the others: with one scale, the others round to nothing.
        var graph = new GraphBuilder("layers", 13);
        var state = graph.Input("x", DataType.Float, "batch", 32);
        foreach (var layer in new[] { 1, 2, 3 })
        {
            var weights = TestGraphs.Normal(layer, 32 * 32);
            weights[5] = layer == 2 ? 60 : weights[5];
            state = graph.Node("Tanh", [graph.Node("MatMul", [state, graph.Floats($"w{layer}", weights, 32, 32)])], layer == 3 ? "y" : null);
        }

        graph.Output("y", DataType.Float, "batch", 32);
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "layers.onnx"));
        var options = new DynamicInt8Options { PerChannel = false, ReducedRange = ReducedRange.On };
        var ranking = new SensitivityRanking(new SeededImages("x", 3, 8, 32), nodes => new DynamicInt8Pass(options with { Nodes = nodes }));
        var layers = await ranking.RankAsync(source, folder.Path, null, CancellationToken.None);

        Assert.Equal(3, layers.Count);
        Assert.Equal("node_2_MatMul", layers[0].Label);
        Assert.True(layers[0].NoiseToSignal > 10 * layers[1].NoiseToSignal);
        Assert.All(layers, layer => Assert.Equal(("MatMul", 1024L), (layer.Operator, layer.Weights)));
        Assert.Equal([source], Directory.GetFileSystemEntries(folder.Path));

        // Leaving it in float brings the model near.
        var target = Path.Combine(folder.Path, "target.onnx");
        await new DynamicInt8Pass(options with { Nodes = options.Nodes.Without(layers[0].Label) }).RunAsync(source, target, null, CancellationToken.None);
        Assert.True(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(target)) < 0.08);
    }

    [Fact]
    public async Task Layers_of_a_convolutional_model_are_measured_too()
    {
        var source = RuntimeRun.Save(TestGraphs.Convolutional(13), Path.Combine(folder.Path, "net.onnx"));
        var images = new SeededImages("image", 2, 2, 3, 12, 12);
        var ranking = new SensitivityRanking(images, nodes => new StaticInt8Pass(images, new() { Nodes = nodes }), mostBatches: 1);
        var layers = await ranking.RankAsync(source, folder.Path, null, CancellationToken.None);

        Assert.Equal(["Conv", "Conv", "Conv", "Gemm"], layers.Select(layer => layer.Operator).Order());
        Assert.All(layers, layer => Assert.InRange(layer.NoiseToSignal, 1e-9, 0.1));
        Assert.Equal(layers.OrderByDescending(layer => layer.NoiseToSignal), layers);
    }
}
