using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>First and last layers are those that no other feeds and those that feed no other, not those that a file lists first and last.</summary>
public sealed class LayerEndsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_inputs_have_two_first_layers_and_two_outputs_two_last_ones()
    {
        var ends = LayerEnds.Of(GraphIndex.Of(TwoTowers()));

        Assert.Equal(["left", "right"], ends.First.Select(node => node.Name).Order());
        Assert.Equal(["head", "side"], ends.Last.Select(node => node.Name).Order());
    }

    [Fact]
    public async Task They_are_kept_wherever_they_stand_in_the_file()
    {
        var source = RuntimeRun.Save(TwoTowers(), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        var result = await new StaticInt8Pass(new Both(), new() { KeepFirst = true, KeepLast = true }).RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("1", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Contains("Left as it is because first layers were asked to stay: left, right.", result.Notes);
        Assert.Contains("Left as it is because last layers were asked to stay: side, head.", result.Notes);
    }

    [Fact]
    public void What_a_branch_takes_from_outside_its_node_takes()
    {
        // The product before the If feeds products inside of both branches; these are not of the main graph.
        var model = TestGraphs.Branches();
        model.Graph.Node.Add(Nodes.Make("MatMul", "behind", ["y", "w"], ["z"]));
        var ends = LayerEnds.Of(GraphIndex.Of(model));

        Assert.Equal("x", Assert.Single(ends.First).Input[0]);
        Assert.Equal("behind", Assert.Single(ends.Last).Name);
    }

    [Fact]
    public void A_product_of_activations_is_no_layer()
    {
        var model = TestGraphs.Bert();
        var ends = LayerEnds.Of(GraphIndex.Of(model));
        var root = GraphIndex.Of(model).Root;

        // Query, key and value of the first block, all fed by the embeddings alone.
        Assert.Equal(3, ends.First.Count);
        Assert.All(ends.First.Concat(ends.Last), node => Assert.NotNull(GraphConstants.Find(root.Find(node.Input[1]))));
        Assert.Single(ends.Last);
    }

    // Left and right are summed, go through the middle, and end in a head; a side output branches off behind the left one. The file lists the right one and the
    // head between others.
    private static ModelProto TwoTowers()
    {
        var graph = new GraphBuilder("towers", 13);
        graph.Input("a", DataType.Float, "batch", 8);
        graph.Input("b", DataType.Float, "batch", 8);
        foreach (var name in new[] { "wl", "wr", "wm", "wh", "ws" })
        {
            graph.Floats(name, TestGraphs.Normal(name[1], 64), 8, 8);
        }

        graph.Output("y", DataType.Float, "batch", 8);
        graph.Output("z", DataType.Float, "batch", 8);
        var model = graph.Build();
        model.Graph.Node.Add(Nodes.Make("MatMul", "left", ["a", "wl"], ["l"]));
        model.Graph.Node.Add(Nodes.Make("MatMul", "side", ["l", "ws"], ["z"]));
        model.Graph.Node.Add(Nodes.Make("Relu", "rectified", ["b"], ["br"]));
        model.Graph.Node.Add(Nodes.Make("MatMul", "right", ["br", "wr"], ["r"]));
        model.Graph.Node.Add(Nodes.Make("Add", "sum", ["l", "r"], ["s"]));
        model.Graph.Node.Add(Nodes.Make("MatMul", "middle", ["s", "wm"], ["m"]));
        model.Graph.Node.Add(Nodes.Make("MatMul", "head", ["m", "wh"], ["h"]));
        model.Graph.Node.Add(Nodes.Make("Relu", "end", ["h"], ["y"]));
        return model;
    }

    private sealed class Both : Optimization.Quantization.Calibration.ICalibrationSource
    {
        public async IAsyncEnumerable<Optimization.Quantization.Calibration.CalibrationBatch> BatchesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new([new("a", TestGraphs.Normal(1, 32, 1), [4, 8]), new("b", TestGraphs.Normal(2, 32, 1), [4, 8])]);
        }
    }
}
