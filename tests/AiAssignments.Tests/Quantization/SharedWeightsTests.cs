using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Weights that several nodes use, of which some stay in float.</summary>
public sealed class SharedWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Four_bits_do_not_stand_beside_a_float_that_stays()
    {
        var source = RuntimeRun.Save(TestGraphs.Shared(false), folder.File("source.onnx"));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => new FourBitPass(new() { SmallestWeight = 32 }).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None));

        Assert.Equal("nothing-to-quantize", refused.Problem.Code);
        Assert.Contains("a node that stays in float uses its weight too", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_was_excluded_keeps_its_weight_in_float_for_the_others_in_four_bits_and_not_in_eight()
    {
        var source = RuntimeRun.Save(Twice(48, 48, isTurned: false), folder.File("source.onnx"));
        var nodes = NodeSelection.All with { Exclude = ["node_0_*"] };

        var four = await new FourBitPass(new() { Nodes = nodes, BlockSize = 16 }).RunAsync(source, folder.File("four.onnx"), null, CancellationToken.None);
        var eight = await new DynamicInt8Pass(new() { Nodes = nodes, ReducedRange = ReducedRange.On }).RunAsync(source, folder.File("eight.onnx"), null, CancellationToken.None);

        Assert.Equal(("2", "2"), (Fact(four, "nodes-quantized"), Fact(four, "nodes-left-in-float")));
        Assert.True(new FileInfo(folder.File("four.onnx")).Length < new FileInfo(source).Length);
        Assert.Equal("3", Fact(eight, "nodes-quantized"));
        Assert.Contains(eight.Notes, note => note.StartsWith("In the file twice, in integers and in float", StringComparison.Ordinal) && note.Contains("node_2_MatMul", StringComparison.Ordinal));
        Assert.True(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(folder.File("eight.onnx"))) < 0.08);
    }

    [Fact]
    public async Task A_weight_that_is_too_thin_one_way_stays_in_float_the_other_way_too()
    {
        // 4 x 96: of 4 inputs each output would fill a block of 32, of 96 it would not.
        var source = RuntimeRun.Save(Twice(4, 96, isTurned: true), folder.File("source.onnx"));

        var result = await new FourBitPass().RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);

        Assert.Equal(("1", "2"), (Fact(result, "nodes-quantized"), Fact(result, "nodes-left-in-float")));
        Assert.Contains(result.Notes, note => note.Contains("blocks of 32 would not make its weight smaller: node_0_MatMul", StringComparison.Ordinal));
        Assert.Contains(result.Notes, note => note.Contains("a node that stays in float uses its weight too: node_2_Gemm", StringComparison.Ordinal));
        using var model = OnnxModel.Load(folder.File("target.onnx"));
        Assert.Single(model.Graph.Initializer, tensor => tensor.Name == "w");
        Assert.Single(model.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint8);
    }

    [Fact]
    public async Task Layers_in_four_bits_are_measured_one_by_one_tables_and_tied_products_too()
    {
        var source = RuntimeRun.Save(TestGraphs.Tied(), folder.File("tied.onnx"));
        var options = new FourBitOptions { SmallestWeight = 32, BlockSize = 16 };
        foreach (var (node, options1) in new[] { ("*Gather", options), ("*MatMul", options), ("*Gather", options with { TablesAlone = true }) })
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(
                () => new FourBitPass(options1 with { Nodes = NodeSelection.All with { Include = [node] } }).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None));
            Assert.Equal("nothing-to-quantize", refused.Problem.Code);
        }

        await new FourBitPass(options with { BesideFloat = true, Nodes = NodeSelection.All with { Include = ["*MatMul"] } }).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);
        Assert.InRange(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(folder.File("target.onnx"))), 1e-3, 0.25);

        // Not shared: the table alone, as a search tries it.
        var alone = RuntimeRun.Save(TestGraphs.HalfTable(false), folder.File("table.onnx"));
        var table = await new FourBitPass(options with { TablesAlone = true, Nodes = NodeSelection.All with { Exclude = ["*MatMul"] } }).RunAsync(alone, folder.File("target.onnx"), null, CancellationToken.None);
        Assert.Equal(("1", "0"), (Fact(table, "nodes-quantized"), Fact(table, "weights-in-4-bits")));
    }

    private static string Fact(Optimization.Passes.PassResult result, string name) => result.Facts.Single(fact => fact.Name == name).Value;

    /// <summary>A product with w, a nonlinearity, a product with w again (or with w turned), and a last one with a weight of its own.</summary>
    private static ModelProto Twice(int inputs, int outputs, bool isTurned)
    {
        var graph = new GraphBuilder("twice", 13);
        graph.Input("x", DataType.Float, "batch", inputs);
        graph.Floats("w", TestGraphs.Normal(1, inputs * outputs), inputs, outputs);
        var state = graph.Node("Tanh", [graph.Node("MatMul", ["x", "w"])]);
        state = isTurned ? graph.Node("Gemm", [state, "w"], null, GraphBuilder.Attribute("transB", 1L)) : graph.Node("MatMul", [state, "w"]);
        var width = isTurned ? inputs : outputs;
        graph.Floats("wide", TestGraphs.Normal(2, width * 64), width, 64);
        graph.Floats("last", TestGraphs.Normal(3, 64 * 64), 64, 64);
        graph.Node("MatMul", [isTurned ? graph.Node("Add", [graph.Node("ReduceSum", [state]), graph.Floats("bias", TestGraphs.Normal(4, 64), 64)]) : graph.Node("MatMul", [state, "wide"]), "last"], "y");
        graph.Output("y", DataType.Float, "batch", 64);
        return graph.Build();
    }
}
