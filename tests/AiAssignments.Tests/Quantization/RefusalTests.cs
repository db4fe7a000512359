using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>A pass that cannot do its work says why and leaves nothing behind.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Target => Path.Combine(folder.Path, "target.onnx");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_quantized_model_is_not_quantized_again()
    {
        var source = RuntimeRun.Save(TestGraphs.Convolutional(13), Path.Combine(folder.Path, "net.onnx"));
        var images = new SeededImages("image", 1, 1, 3, 12, 12);
        IGraphPass[] passes = [new DynamicInt8Pass(new() { SmallestWeight = 1 }), new StaticInt8Pass(images)];
        foreach (var first in passes)
        {
            var quantized = Path.Combine(folder.Path, "quantized.onnx");
            await first.RunAsync(source, quantized, null, CancellationToken.None);
            foreach (var second in passes.Append(new Float16Pass()).Append(new FourBitPass()))
            {
                await Refused(second, quantized, "already-quantized");
            }
        }
    }

    [Fact]
    public async Task A_half_precision_model_has_nothing_to_convert()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), Path.Combine(folder.Path, "dense.onnx"));
        var half = Path.Combine(folder.Path, "half.onnx");
        await new Float16Pass().RunAsync(source, half, null, CancellationToken.None);

        await Refused(new Float16Pass(), half, "nothing-to-quantize");
        var problem = await Refused(new DynamicInt8Pass(new() { SmallestWeight = 1 }), half, "nothing-to-quantize");
        Assert.Contains("float16", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_quantize_is_said_with_the_reasons()
    {
        var graph = new GraphBuilder("plain");
        graph.Input("x", DataType.Float, "batch", 4);
        graph.Node("MatMul", [graph.Node("Relu", ["x"]), graph.Node("Transpose", ["x"])], "y");
        graph.Output("y", DataType.Float, "batch", "other");
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "plain.onnx"));

        var problem = await Refused(new DynamicInt8Pass(), source, "nothing-to-quantize");
        Assert.Contains("both factors are activations", problem.Message, StringComparison.Ordinal);
        await Refused(new FourBitPass(), source, "nothing-to-quantize");
        await Refused(new Float16Pass(), source, "nothing-to-quantize");
        await Refused(new StaticInt8Pass(new SeededImages("x", 1, 1, 4)), source, "nothing-to-quantize");
    }

    [Fact]
    public async Task Weights_that_are_not_finite_stay()
    {
        var model = TestGraphs.Dense(13);
        var values = TestGraphs.Normal(1, 32 * 16);
        values[7] = float.NaN;
        model.Graph.Initializer.Single(tensor => tensor.Name == "w2").RawData = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        var source = RuntimeRun.Save(model, Path.Combine(folder.Path, "nan.onnx"));
        var result = await new DynamicInt8Pass(new() { SmallestWeight = 1 }).RunAsync(source, Target, null, CancellationToken.None);

        Assert.Contains(result.Notes, note => note.Contains("NaN", StringComparison.Ordinal) && note.Contains("node_2_MatMul", StringComparison.Ordinal));
        Assert.Equal("1", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
    }

    [Fact]
    public async Task An_old_operator_set_a_misspelt_name_and_a_broken_graph_are_refused()
    {
        var dense = TestGraphs.Dense(13);
        var source = RuntimeRun.Save(dense, Path.Combine(folder.Path, "dense.onnx"));
        await Refused(new DynamicInt8Pass(new() { Nodes = new() { Exclude = ["node_9*"] } }), source, "unknown-node");
        await Refused(new FourBitPass(new() { BlockSize = 24 }), source, "block-size");
        await Refused(new DynamicInt8Pass(), Path.Combine(folder.Path, "none.onnx"), "onnx-missing");
        var old = RuntimeRun.Save(TestGraphs.Dense(10), Path.Combine(folder.Path, "old.onnx"));
        await Refused(new DynamicInt8Pass(), old, "opset-too-old");
        dense.Graph.Node[2].Input[0] = "nowhere";
        var broken = RuntimeRun.Save(dense, Path.Combine(folder.Path, "broken.onnx"));
        await Refused(new DynamicInt8Pass(), broken, "model-load-failed");
        File.WriteAllText(broken, "not a model");
        await Refused(new Float16Pass(), broken, "onnx-not-a-model");
    }

    [Fact]
    public async Task Calibration_data_must_fit()
    {
        var source = RuntimeRun.Save(TestGraphs.Convolutional(13), Path.Combine(folder.Path, "net.onnx"));
        await Refused(new StaticInt8Pass(new SeededImages("image", 0, 1, 3, 12, 12)), source, "calibration-empty");
        await Refused(new StaticInt8Pass(new SeededImages("picture", 1, 1, 3, 12, 12)), source, "calibration-input");
        await Refused(new StaticInt8Pass(new SeededImages("image", 1, 1, 1, 12, 12)), source, "calibration-input");
        await Refused(new StaticInt8Pass(new SeededImages("image", 1, 1, 3, 12, 12), new() { Percentile = 50 }), source, "calibration-option");
    }

    [Fact]
    public async Task Cancelled_it_leaves_nothing()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), Path.Combine(folder.Path, "dense.onnx"));
        using var stop = new CancellationTokenSource();
        var progress = new Immediate(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DynamicInt8Pass().RunAsync(source, Target, progress, stop.Token));
        Assert.Equal([source], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_cleared_and_a_target_that_was_there_is_replaced()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), Path.Combine(folder.Path, "dense.onnx"));
        var left = Directory.CreateDirectory(Path.Combine(folder.Path, ".target.onnx.partial")).FullName;
        File.WriteAllText(Path.Combine(left, "target.onnx"), "half");
        File.WriteAllText(Target, "old");
        await new DynamicInt8Pass().RunAsync(source, Target, null, CancellationToken.None);

        Assert.Equal([source, Target], Directory.GetFileSystemEntries(folder.Path).Order());
        Assert.NotEmpty(RuntimeRun.Outputs(Target));
        await Assert.ThrowsAsync<ProblemException>(() => new DynamicInt8Pass().RunAsync(source, source, null, CancellationToken.None));
    }

    private async Task<Problem> Refused(IGraphPass pass, string source, string code)
    {
        var before = Directory.GetFileSystemEntries(folder.Path).Order().ToList();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => pass.RunAsync(source, Target, null, CancellationToken.None));
        Assert.Equal(code, refused.Problem.Code);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path).Order());
        return refused.Problem;
    }

    private sealed class Immediate(Action act) : IProgress<PassProgress>
    {
        public void Report(PassProgress value) => act();
    }
}
