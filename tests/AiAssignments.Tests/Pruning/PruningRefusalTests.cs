using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using AiAssignments.Optimization.Pruning.Structured;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Tests.Quantization;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Pruning;

/// <summary>A pass that cannot do its work says what it found and leaves nothing behind.</summary>
public sealed class PruningRefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static IGraphPass[] Passes => [new MagnitudePruningPass(), new PatternPruningPass(), new StructuredPruningPass()];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Quantized_models_misspelt_names_and_broken_files()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), folder.File("dense.onnx"));
        var quantized = folder.File("quantized.onnx");
        await new DynamicInt8Pass(new() { SmallestWeight = 1 }).RunAsync(source, quantized, null, CancellationToken.None);
        var old = RuntimeRun.Save(TestGraphs.Dense(10), folder.File("old.onnx"));
        foreach (var pass in Passes)
        {
            await Refused(pass, quantized, "already-quantized");
            await Refused(pass, old, "opset-too-old");
            await Refused(pass, folder.File("none.onnx"), "onnx-missing");
        }

        await Refused(new StructuredPruningPass(new() { Nodes = new() { Exclude = ["nothing*"] } }), source, "unknown-node");
        await Refused(new StructuredPruningPass(new() { Nodes = new() { Exclude = ["*"] } }), source, "nothing-to-prune");
        await Refused(new MagnitudePruningPass(new() { Nodes = new() { Exclude = ["*"] } }), source, "nothing-to-prune");
    }

    [Fact]
    public async Task Options_out_of_range()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), folder.File("dense.onnx"));
        foreach (var amount in new[] { 0, 1, -0.1, 1.5, double.NaN })
        {
            await Refused(new MagnitudePruningPass(new() { Amount = amount }), source, "pruning-option");
            await Refused(new StructuredPruningPass(new() { Amount = amount }), source, "pruning-option");
        }

        foreach (var (n, m) in new[] { (0, 4), (4, 4), (1, 1), (2, 65) })
        {
            await Refused(new PatternPruningPass(new() { N = n, M = m }), source, "pruning-option");
        }
    }

    [Fact]
    public async Task Nothing_to_prune_is_said_with_the_reasons()
    {
        var graph = new GraphBuilder("plain");
        graph.Input("x", DataType.Float, "batch", 4);
        graph.Node("MatMul", [graph.Node("Relu", ["x"]), graph.Node("Transpose", ["x"])], "y");
        graph.Output("y", DataType.Float, "batch", "other");
        var source = RuntimeRun.Save(graph.Build(), folder.File("plain.onnx"));
        foreach (var pass in Passes)
        {
            await Refused(pass, source, "nothing-to-prune");
        }

        // One layer: its outputs are the model's.
        var single = new GraphBuilder("single");
        single.Input("x", DataType.Float, "batch", 4);
        single.Floats("w", TestGraphs.Normal(1, 12), 4, 3);
        single.Node("MatMul", ["x", "w"], "y");
        single.Output("y", DataType.Float, "batch", 3);
        var problem = await Refused(new StructuredPruningPass(), RuntimeRun.Save(single.Build(), folder.File("single.onnx")), "nothing-to-prune");
        Assert.Contains("an output of the model", problem.Message, StringComparison.Ordinal);
        await Refused(new MagnitudePruningPass(new() { Amount = 0.01 }), folder.File("single.onnx"), "nothing-to-prune");
    }

    [Fact]
    public async Task A_model_that_has_these_zeros_already()
    {
        var source = RuntimeRun.Save(PruningGraphs.Bert(), folder.File("bert.onnx"));
        foreach (var pass in Passes[..2])
        {
            var once = folder.File("once.onnx");
            await pass.RunAsync(source, once, null, CancellationToken.None);
            await Refused(pass, once, "already-pruned");
        }
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LRN")]
    [InlineData("Unknown")]
    public async Task Operators_that_mix_channels_hold_them_back(string type)
    {
        var graph = new GraphBuilder("mixed");
        graph.Input("x", DataType.Float, "batch", 3, 4, 4);
        graph.Floats("w", TestGraphs.Normal(1, 8 * 27), 8, 3, 3, 3);
        var made = graph.Node("Conv", ["x", "w"]);
        var mixed = type switch
        {
            "Softmax" => graph.Node("Softmax", [made], null, GraphBuilder.Attribute("axis", 1L)),
            "LRN" => graph.Node("LRN", [made], null, GraphBuilder.Attribute("size", 3L)),
            _ => graph.Node("DepthToSpace", [made], null, GraphBuilder.Attribute("blocksize", 2L)),
        };
        graph.Floats("v", TestGraphs.Normal(2, type == "Unknown" ? 4 : 16), 2, type == "Unknown" ? 2 : 8, 1, 1);
        graph.Node("Conv", [mixed, "v"], "y");
        graph.Output("y", DataType.Float, "batch", 2, "height", "width");
        var problem = await Refused(new StructuredPruningPass(), RuntimeRun.Save(graph.Build(), folder.File("mixed.onnx")), "nothing-to-prune");

        Assert.Contains(type switch { "Softmax" => "normalized over", "LRN" => "(LRN)", _ => "(DepthToSpace)" }, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_are_not_finite_stay()
    {
        var model = TestGraphs.Dense(13);
        var values = TestGraphs.Normal(1, 32 * 16);
        values[7] = float.NaN;
        model.Graph.Initializer.Single(tensor => tensor.Name == "w2").RawData = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        var source = RuntimeRun.Save(model, folder.File("nan.onnx"));
        var result = await new MagnitudePruningPass().RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);

        Assert.Contains(result.Notes, note => note.Contains("NaN", StringComparison.Ordinal) && note.Contains("node_2_MatMul", StringComparison.Ordinal));
        await Refused(new StructuredPruningPass(), source, "nothing-to-prune", folder.File("other.onnx"));
    }

    [Fact]
    public async Task Cancelled_it_leaves_nothing()
    {
        var source = RuntimeRun.Save(TestGraphs.Dense(13), folder.File("dense.onnx"));
        foreach (var pass in Passes)
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass.RunAsync(source, folder.File("target.onnx"), new Immediate(stop.Cancel), stop.Token));
            Assert.Equal([source], Directory.GetFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public void Names_tell_the_options()
    {
        Assert.Equal(["prune:unstructured-0.2", "prune:n-m-2-4", "prune:structured-0.2"], Passes.Select(pass => pass.Name));
        Assert.Equal("prune:per-layer-0.5", new MagnitudePruningPass(new() { Scope = PruningScope.PerLayer, Amount = 0.5 }).Name);
    }

    private async Task<Problem> Refused(IGraphPass pass, string source, string code, string? target = null)
    {
        var before = Directory.GetFileSystemEntries(folder.Path).Order().ToList();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => pass.RunAsync(source, target ?? folder.File("target.onnx"), null, CancellationToken.None));
        Assert.Equal(code, refused.Problem.Code);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path).Order());
        return refused.Problem;
    }

    private sealed class Immediate(Action act) : IProgress<PassProgress>
    {
        public void Report(PassProgress value) => act();
    }
}
