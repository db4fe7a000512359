using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Quantization;

/// <summary>A target that is replaced is the old or the new one at every moment, with its data beside it or without.</summary>
public sealed class ReplacedTargetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Source => folder.File("source.onnx");

    private string Target => folder.File("target.onnx");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 0, "data", false)]
    [InlineData(0, 0, "graph", true)]
    [InlineData(1 << 30, 0, "data", false)]
    [InlineData(1 << 30, 0, "graph", true)]
    [InlineData(0, 1 << 30, "graph", true)]
    public async Task Killed_between_the_moves_it_is_whole(int inlineBefore, int inlineAfter, string moment, bool isNew)
    {
        RuntimeRun.Save(TestGraphs.Bert(), Source);
        await RunAsync(1, inlineBefore, null);
        var old = RuntimeRun.Outputs(Target);
        await Assert.ThrowsAsync<Killed>(() => RunAsync(2, inlineAfter, at =>
        {
            if (at == moment)
            {
                throw new Killed();
            }
        }));

        var left = RuntimeRun.Outputs(Target);
        Assert.Equal(!isNew, old.SequenceEqual(left));

        // The next run finds its way, and nothing stays behind.
        await RunAsync(2, inlineAfter, null);
        var expected = RuntimeRun.Outputs(Source).Select(value => value * 2).ToArray();
        Assert.InRange(RuntimeRun.Error(expected, RuntimeRun.Outputs(Target)), 0, 1e-6);
        Assert.Equal(inlineAfter == 0 ? 3 : 2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public async Task Replaced_again_and_again_it_has_one_data_file()
    {
        RuntimeRun.Save(TestGraphs.Bert(), Source);
        foreach (var factor in new[] { 1, 2, 3, 4 })
        {
            await RunAsync(factor, 0, null);
            Assert.Single(Directory.GetFiles(folder.Path, "target.onnx*.data"));
            Assert.InRange(RuntimeRun.Error([.. RuntimeRun.Outputs(Source).Select(value => value * factor)], RuntimeRun.Outputs(Target)), 0, 1e-6);
        }

        await RunAsync(1, 1 << 30, null);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.data"));
    }

    [Fact]
    public async Task The_sources_own_data_is_not_touched_whatever_its_name()
    {
        // The source's data lies where the target's would.
        using (var model = OnnxModel.Of(TestGraphs.Bert()))
        {
            model.SaveAs(Source, "target.onnx.data", 0, null, CancellationToken.None);
        }

        var before = RuntimeRun.Outputs(Source);
        await RunAsync(2, 0, null);
        await RunAsync(3, 0, null);

        Assert.Equal(before, RuntimeRun.Outputs(Source));
        Assert.InRange(RuntimeRun.Error([.. before.Select(value => value * 3)], RuntimeRun.Outputs(Target)), 0, 1e-6);
    }

    [Fact]
    public void A_model_saved_over_another_replaces_it_at_once()
    {
        using (var first = OnnxModel.Of(TestGraphs.Bert()))
        {
            first.Save(Target, inlineBytes: 0);
        }

        var old = RuntimeRun.Outputs(Target);
        using var second = OnnxModel.Of(Scaled(TestGraphs.Bert(), 5));
        Assert.Throws<Killed>(() => second.SaveAs(Target, DataFiles.Free(Target, second), 0, _ => throw new Killed(), CancellationToken.None));
        Assert.Equal(old, RuntimeRun.Outputs(Target));

        second.Save(Target, inlineBytes: 0);
        Assert.NotEqual(old, RuntimeRun.Outputs(Target));
        Assert.Equal(["target.onnx.data"], OnnxModel.Load(Target).Signature.ExternalFiles.Select(file => file.Replace(".2.", ".", StringComparison.Ordinal).Replace(".3.", ".", StringComparison.Ordinal)));
    }

    private Task<PassResult> RunAsync(int factor, long inlineBytes, Action<string>? moment) => GraphPassRunner.RunWatchedAsync(
        Source,
        Target,
        (model, _, _, _) =>
        {
            Scaled(model.Proto, factor);
            return Task.CompletedTask;
        },
        inlineBytes,
        moment,
        CancellationToken.None);

    // The output times a number, which lies in the graph; some weights are written anew so that the data files differ.
    private static ModelProto Scaled(ModelProto model, float factor)
    {
        var output = model.Graph.Output[0].Name;
        model.Graph.Node.Single(node => node.Output.Contains(output)).Output[0] = "unscaled";
        model.Graph.Initializer.Add(Nodes.Tensor<float>("factor", TensorProto.Types.DataType.Float, [factor]));
        model.Graph.Node.Add(Nodes.Make("Mul", "scaled", ["unscaled", "factor"], [output]));
        model.Graph.Initializer.Insert(0, Nodes.Tensor<float>("filler", TensorProto.Types.DataType.Float, new float[4096 * (int)factor], 4096L * (int)factor));
        model.Graph.Node.Add(Nodes.Make("Identity", "used", ["filler"], ["unused"]));
        return model;
    }

    private sealed class Killed : Exception
    {
    }
}
