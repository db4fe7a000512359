using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Quantization;

/// <summary>ONNX Runtime must recognize the patterns: what it does not fuse runs slower than float32.</summary>
public sealed class FusionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Dynamic_products_are_fused(bool isSymmetric, bool isPerChannel)
    {
        var source = RuntimeRun.Save(TestGraphs.Bert(), Path.Combine(folder.Path, "bert.onnx"));
        var target = Path.Combine(folder.Path, "int8.onnx");
        await new DynamicInt8Pass(new() { Symmetric = isSymmetric, PerChannel = isPerChannel, SmallestWeight = 32 }).RunAsync(source, target, null, CancellationToken.None);

        // Query, key and value share one activation.
        Assert.Equal(6, RuntimeRun.Operators(target)["DynamicQuantizeLinear"]);
        Assert.Equal(8, RuntimeRun.Operators(target)["MatMulInteger"]);
        var fused = RuntimeRun.Fused(target);
        Assert.Equal(5, fused.GetValueOrDefault("DynamicQuantizeMatMul"));
        Assert.Equal(3, fused.GetValueOrDefault("MatMulIntegerToFloat"));
        Assert.DoesNotContain("MatMulInteger", fused.Keys);
        Assert.Equal(1, fused.GetValueOrDefault("DynamicQuantizeLinear"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Static_nodes_run_on_integers(long opset)
    {
        var source = RuntimeRun.Save(TestGraphs.Convolutional(opset), Path.Combine(folder.Path, "net.onnx"));
        var target = Path.Combine(folder.Path, "int8.onnx");
        var result = await new StaticInt8Pass(new SeededImages("image", 2, 4, 3, 12, 12), new() { Calibration = CalibrationMethod.MinMax, ReducedRange = ReducedRange.On })
            .RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("2", result.Facts.Single(fact => fact.Name == "batch-normalizations-folded").Value);
        Assert.Equal("4", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        var fused = RuntimeRun.Fused(target);
        Assert.Equal(3, fused.GetValueOrDefault("QLinearConv"));
        Assert.Equal(1, fused.GetValueOrDefault("QLinearAdd"));
        Assert.Equal(1, fused.GetValueOrDefault("QLinearConcat"));
        Assert.Equal(1, fused.GetValueOrDefault("QLinearGlobalAveragePool"));
        Assert.Equal(1, fused.GetValueOrDefault("QGemm"));
        Assert.Equal(1, fused.GetValueOrDefault("QuantizeLinear"));
        Assert.DoesNotContain("Relu", fused.Keys);
        Assert.DoesNotContain("Conv", fused.Keys);
    }
}
