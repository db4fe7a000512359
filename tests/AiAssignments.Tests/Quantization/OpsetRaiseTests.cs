using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Operator sets 11 and 12 raised to 13: the same numbers, and a scale for each channel.</summary>
public sealed class OpsetRaiseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, long, long?> Coerced
    {
        get
        {
            var data = new TheoryData<string, long, long?>();
            foreach (var type in new[] { "Softmax", "LogSoftmax", "Hardmax" })
            {
                foreach (var opset in new long[] { 11, 12 })
                {
                    foreach (var axis in new long?[] { null, 0, 2, 3, -1, -2, -4 })
                    {
                        data.Add(type, opset, axis);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Coerced))]
    public void What_worked_on_a_matrix_of_all_dimensions_still_does(string type, long opset, long? axis)
    {
        foreach (var isDeclared in new[] { true, false })
        {
            var graph = new GraphBuilder("coerced", opset);
            graph.Input("x", DataType.Float, "batch", 3, 4, 5);
            var before = isDeclared ? "x" : graph.Node("Neg", ["x"]);
            var after = graph.Node(type, [before], null, axis is { } given ? [Attribute("axis", given)] : []);
            graph.Node("Neg", [after], "y");
            graph.Output("y", DataType.Float, "batch", 3, 4, 5);

            Same(graph.Build(), $"{type}-{opset}-{axis}-{isDeclared}");
        }
    }

    [OnnxCheckerFact]
    public void ONNXs_own_checker_takes_what_was_raised()
    {
        foreach (var row in Coerced)
        {
            What_worked_on_a_matrix_of_all_dimensions_still_does((string)row[0], (long)row[1], (long?)row[2]);
        }

        Axes_and_sizes_become_inputs(11);
        Axes_and_sizes_become_inputs(12);
        A_body_is_raised_with_its_graph();
        OnnxChecker.Check(folder.Path, isFull: true);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Axes_and_sizes_become_inputs(long opset)
    {
        var graph = new GraphBuilder("moved", opset);
        graph.Input("x", DataType.Float, "batch", 6);
        var wide = graph.Node("Unsqueeze", ["x"], null, Attribute("axes", new long[] { 1, 3 }));
        var narrow = graph.Node("Squeeze", [wide], null, Attribute("axes", new long[] { 3 }));
        var sum = graph.Node("ReduceSum", [narrow], null, Attribute("axes", new long[] { 1 }), Attribute("keepdims", 0L));
        var all = graph.Node("ReduceSum", ["x"]);
        var model = graph.Build();
        model.Graph.Node.Add(Nodes.Make("Split", "split", [sum], ["left", "right"], [Attribute("axis", 1L), Attribute("split", new long[] { 2, 4 })]));
        model.Graph.Node.Add(Nodes.Make("Concat", "swap", ["right", "left"], ["swapped"], [Attribute("axis", 1L)]));
        model.Graph.Node.Add(Nodes.Make("Add", "add", ["swapped", all], ["y"]));
        model.Graph.Output.Add(model.Graph.Input[0].Clone());
        model.Graph.Output[0].Name = "y";

        Same(model, $"moved-{opset}");
    }

    [Fact]
    public void A_body_is_raised_with_its_graph()
    {
        // The loop's tanh becomes a softmax over all but the first dimension.
        var model = LoopGraphs.Loop(11);
        var body = model.Graph.Node.Single(node => node.OpType == "Loop").Attribute[0].G;
        body.Node.Single(node => node.OpType == "Tanh").OpType = "Softmax";

        Same(model, "body");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_classifier_with_a_softmax_has_a_scale_for_each_channel(long opset)
    {
        var model = TestGraphs.Convolutional(opset);
        model.Graph.Node.Single(node => node.Output.Contains("logits")).Output[0] = "scores";
        model.Graph.Node.Add(Nodes.Make("Softmax", "softmax", ["scores"], ["logits"]));
        var source = RuntimeRun.Save(model, Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        var result = await new StaticInt8Pass(new SeededImages("image", 3, 4, 3, 12, 12), new() { ReducedRange = ReducedRange.On }).RunAsync(source, target, null, CancellationToken.None);

        Assert.DoesNotContain(result.Notes, note => note.StartsWith("One scale for each weight", StringComparison.Ordinal));
        using var quantized = OnnxModel.Load(target);
        Assert.Equal(13, quantized.Opset);
        Assert.Contains(quantized.Graph.Node, node => node.OpType == "DequantizeLinear" && node.Attribute("axis") is not null);
        Assert.InRange(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(target)), 0, 0.1);
    }

    [Fact]
    public void An_operator_that_is_not_known_leaves_the_graph_as_it_is()
    {
        var graph = new GraphBuilder("other", 11);
        graph.Input("x", DataType.Float, "batch", 6);
        graph.Node("Softmax", [graph.Node("Celu", ["x"])], "y");
        graph.Output("y", DataType.Float, "batch", 6);
        using var model = OnnxModel.Of(graph.Build());

        Assert.False(OpsetRaise.TryRaise(model));
        Assert.Equal(graph.Build(), model.Proto);
    }

    private void Same(ModelProto proto, string name)
    {
        var source = RuntimeRun.Save(proto, Path.Combine(folder.Path, name + ".onnx"));
        using var model = OnnxModel.Of(proto.Clone());
        Assert.True(OpsetRaise.TryRaise(model));
        Assert.Equal(13, model.Opset);
        var raised = Path.Combine(folder.Path, name + ".raised.onnx");
        model.Save(raised);

        var (expected, found) = (RuntimeRun.Outputs(source), RuntimeRun.Outputs(raised));
        Assert.True(RuntimeRun.Error(expected, found) < 1e-6, name);
    }
}
