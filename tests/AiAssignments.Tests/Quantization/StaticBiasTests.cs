using AiAssignments.Onnx;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>A bias is held in the steps of its channel's products: where the weights are zero, or nearly, these must not follow from the weights alone.</summary>
public sealed class StaticBiasTests : IDisposable
{
    private static readonly float[] Biases = [0.37f, -0.2113f, 0.5f, 0.05f];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dead_channels_keep_their_bias_and_the_layer_its_integers(bool isPerChannel)
    {
        // Channel 0 has no weights, channel 2 nearly none: 0.5 is 1e12 of its steps, far beyond int32.
        float[] scales = [0, 1, 1e-12f, 1];
        var source = RuntimeRun.Save(Graph(scales), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        var result = await new StaticInt8Pass(new SeededImages("x", 3, 4, 6), new() { PerChannel = isPerChannel, ReducedRange = ReducedRange.On, Calibration = CalibrationMethod.MinMax })
            .RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("1", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Equal("0", result.Facts.Single(fact => fact.Name == "nodes-left-in-float").Value);
        var (expected, found) = (RuntimeRun.Outputs(source), RuntimeRun.Outputs(target));
        for (var i = 0; i < expected.Length; i++)
        {
            // What is not multiplied is not rounded to 8 bits: the bias itself, to a millionth.
            Assert.InRange(Math.Abs(expected[i] - found[i]), 0, i % 4 is 0 or 2 && isPerChannel ? 1e-6 : 0.15);
        }
    }

    [Fact]
    public async Task A_weight_of_zeros_with_one_scale_keeps_its_biases_too()
    {
        var source = RuntimeRun.Save(Graph([0, 0, 0, 0]), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        await new StaticInt8Pass(new SeededImages("x", 3, 4, 6), new() { PerChannel = false }).RunAsync(source, target, null, CancellationToken.None);

        Assert.All(RuntimeRun.Outputs(target).Index(), pair => Assert.Equal(Biases[pair.Index % 4], pair.Item, 1e-6f));
    }

    [Fact]
    public void Least_scales_hold_and_zeros_take_them()
    {
        var format = new WeightFormat(IsSymmetric: true, IsPerChannel: true, IsReduced: false);

        // Rows [0, 0], [127, 1], [1e-6, 0], [2, 0]; the second one's own scale is larger than its least one, the last has none.
        var quantized = LinearQuantizer.Quantize([0, 0, 127, 1, 1e-6f, 0, 2, 0], 4, 2, format, [0.25f, 0.5f, 0.001f, 0]);

        Assert.Equal([0.25f, 1f, 0.001f, 2f / 127], quantized.Scales);
        Assert.Equal([0, 0, 127, 1, 0, 0, 127, 0], quantized.Values.Select(value => (int)(sbyte)value));
    }

    private static ModelProto Graph(float[] scales)
    {
        var graph = new GraphBuilder("dead", 13);
        graph.Input("x", DataType.Float, "batch", 6);
        var weights = TestGraphs.Normal(1, 4 * 6, 1);
        graph.Floats("w", [.. weights.Select((weight, i) => weight * scales[i / 6])], 4, 6);
        graph.Floats("b", Biases, 4);
        graph.Node("Gemm", ["x", "w", "b"], "y", Attribute("transB", 1L));
        graph.Output("y", DataType.Float, "batch", 4);
        return graph.Build();
    }
}
