using System.Globalization;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using AiAssignments.Tests.Quantization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Pruning;

/// <summary>Unstructured passes on every layout: what was written loads, has the zeros that were reported, and is the old graph but for them.</summary>
public sealed class ZerosOnGraphsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Outputs_load_and_have_the_zeros_reported()
    {
        IGraphPass[] passes =
        [
            new MagnitudePruningPass(), new MagnitudePruningPass(new() { Scope = PruningScope.PerLayer, Embeddings = true, Amount = 0.5 }), new PatternPruningPass(), new PatternPruningPass(new() { N = 1, M = 3 }),
        ];
        foreach (var (name, model) in PassesOnGraphsTests.Graphs.Where(graph => graph.Name is not ("tied" or "shared-kept") && !graph.Name.StartsWith("every-tied", StringComparison.Ordinal)))
        {
            var source = RuntimeRun.Save(model, folder.File(name + ".onnx"));
            foreach (var (at, pass) in passes.Index())
            {
                var target = folder.File($"{name}.{at}.onnx");
                var result = await pass.RunAsync(source, target, null, CancellationToken.None);
                using var pruned = OnnxModel.Load(target);
                Assert.Equal(Zeros(target) - Zeros(source), Number(result, "zeros-found") - Number(result, "zeros-before"));
                Assert.True(Number(result, "zeros-found") >= Number(result, "zeros-asked"));
                Assert.Equal(model.Graph.Node, pruned.Graph.Node.Where(node => node.OpType is not ("Constant" or "If" or "Loop" or "Scan")).Concat(model.Graph.Node.Where(node => node.OpType is "Constant" or "If" or "Loop" or "Scan")).OrderBy(node => model.Graph.Node.ToList().FindIndex(other => other.Name == node.Name)));
                Assert.Equal(RuntimeRun.Outputs(source).Length, RuntimeRun.Outputs(target).Count(float.IsFinite));
                Assert.Contains(result.Notes, note => note.Contains("not faster", StringComparison.Ordinal));
            }
        }

        OnnxChecker.CheckIfHere(folder.Path, isFull: true);
    }

    [Fact]
    public async Task A_table_that_is_the_output_layer_too_is_pruned_only_when_both_are_asked_for()
    {
        var source = RuntimeRun.Save(TestGraphs.Tied(), folder.File("tied.onnx"));
        var refused = await Assert.ThrowsAsync<Core.Errors.ProblemException>(() => new MagnitudePruningPass().RunAsync(source, folder.File("a.onnx"), null, CancellationToken.None));
        Assert.Contains("uses its weight too", refused.Problem.Message, StringComparison.Ordinal);

        var result = await new MagnitudePruningPass(new() { Embeddings = true }).RunAsync(source, folder.File("a.onnx"), null, CancellationToken.None);
        Assert.Equal(205, Number(result, "zeros-found"));
        Assert.Equal(1024, Number(result, "weights-prunable"));
    }

    [Fact]
    public async Task External_and_typed_weights_are_pruned_like_inline_ones_and_twice_the_same()
    {
        var inside = RuntimeRun.Save(PruningGraphs.Bert(), folder.File("inside.onnx"));
        var typed = PruningGraphs.Bert();
        foreach (var tensor in typed.Graph.Initializer.Where(TensorReader.IsFloating))
        {
            tensor.FloatData.Add(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
            tensor.ClearRawData();
        }

        RuntimeRun.Save(typed, folder.File("typed.onnx"));
        using (var model = OnnxModel.Of(PruningGraphs.Bert()))
        {
            model.Save(folder.File("outside.onnx"), inlineBytes: 0);
        }

        foreach (var name in new[] { "inside", "inside", "typed", "outside" })
        {
            await new MagnitudePruningPass(new() { Amount = 0.37 }).RunAsync(folder.File(name + ".onnx"), folder.File(name + ".pruned.onnx"), null, CancellationToken.None);
            Assert.Equal(RuntimeRun.Outputs(folder.File("inside.pruned.onnx")), RuntimeRun.Outputs(folder.File(name + ".pruned.onnx")));
        }

        Assert.NotEqual(RuntimeRun.Outputs(inside), RuntimeRun.Outputs(folder.File("inside.pruned.onnx")));
        Assert.Equal(Zeros(folder.File("inside.pruned.onnx")), Zeros(folder.File("outside.pruned.onnx")));
    }

    [Fact]
    public async Task Nodes_left_out_keep_their_weights()
    {
        var source = RuntimeRun.Save(PruningGraphs.Flattened("copy"), folder.File("source.onnx"));
        var result = await new MagnitudePruningPass(new() { Nodes = new() { Exclude = ["*Conv"] } }).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);

        Assert.Equal((20 * 90) + (20 * 6), Number(result, "weights-prunable"));
        using var pruned = OnnxModel.Load(folder.File("target.onnx"));
        Assert.DoesNotContain(0f, pruned.Tensors.Floats(pruned.Graph.Initializer.Single(tensor => tensor.Name == "c1")));
        Assert.Contains(result.Notes, note => note.Contains("was excluded: node_0_Conv", StringComparison.Ordinal));
    }

    private static long Number(PassResult result, string fact) => long.Parse(result.Facts.Single(item => item.Name == fact).Value, CultureInfo.InvariantCulture);

    private static long Zeros(string path)
    {
        using var model = OnnxModel.Load(path);
        return TensorWalk.All(model.Proto).Where(TensorReader.IsFloating).Sum(tensor => model.Tensors.Floats(tensor).LongCount(value => value == 0));
    }
}
