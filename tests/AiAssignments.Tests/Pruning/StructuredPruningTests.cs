using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Structured;
using AiAssignments.Tests.Quantization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Pruning;

/// <summary>A pruned graph computes what the old one does when the units that left are multiplied by zero; and the least important ones left.</summary>
public sealed class StructuredPruningTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Heads_and_rows_of_a_bert()
    {
        var pooler = new Units(32, [.. Enumerable.Range(0, 8)], [("pooler.weight", 1)], [("classifier.weight", 0)]);
        var (result, pruned) = await Proven(PruningGraphs.Bert(), [.. PruningGraphs.BertUnits(["query", "key", "value"]), pooler], new() { Amount = 0.25 });
        Assert.Equal([32L, 24L], Dims(pruned, "layer0.query.weight"));
        Assert.Equal([24L], Dims(pruned, "layer1.value.bias"));
        Assert.Equal([24L, 32L], Dims(pruned, "layer1.output.weight"));
        Assert.Equal([32L, 36L], Dims(pruned, "layer0.inner.weight"));
        Assert.Equal("2", Fact(result, "heads-removed").Value);
        Assert.Equal("of 8 heads", Fact(result, "heads-removed").Unit);
        Assert.Equal("0", Fact(result, "channels-removed").Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Heads_and_rows_of_an_older_export(bool isScaledByShape)
    {
        Units[] units =
        [
            new(3, [1], [("q", 1), ("k", 1), ("v", 1)], [("o", 0)]),
            new(40, [.. Enumerable.Range(0, 13).Select(at => (at * 3) + 1)], [("up", 1)], [("down", 0)]),
        ];
        var (result, pruned) = await Proven(PruningGraphs.DistilBert(isScaledByShape), units, new() { Amount = 0.33 });

        Assert.Equal([24L, 16L], Dims(pruned, "k"));
        Assert.Equal("1", Fact(result, "heads-removed").Value);
        Assert.Equal("13", Fact(result, "rows-removed").Value);
    }

    [Fact]
    public async Task Channels_of_residual_blocks_within_and_together()
    {
        // Block a adds to the stem, whose channels the Pad behind it holds back; the projection and block c add to block b's sum, likewise.
        Units[] units =
        [
            new(8, [3, 6], [("a1", 0)], [("a2", 1)]),
            new(16, [0, 7, 8, 15], [("b1", 0)], [("b2", 1)]),
            new(16, [1, 2, 3, 4], [("c1", 0)], [("c2", 1)]),
            new(16, [5, 9, 11, 13], [("c2", 0), ("project", 0)], [("linear", 1)]),
        ];
        var (result, pruned) = await Proven(PruningGraphs.ResNet(), units, new() { Amount = 0.25 });

        Assert.Equal([6L], Dims(pruned, "a1.variance"));
        Assert.Equal([5L, 12L], Dims(pruned, "linear"));
        Assert.Equal([8L, 3L, 3L, 3L], Dims(pruned, "stem"));
        Assert.Contains(result.Notes, note => note.Contains("Pad", StringComparison.Ordinal));
        Assert.Equal("14", Fact(result, "channels-removed").Value);
    }

    [Fact]
    public async Task Channels_of_depthwise_gated_and_grouped_convolutions()
    {
        Units[] units =
        [
            new(8, [2, 5], [("stem", 0), ("project", 0)], [("expand", 1), ("into", 1)]),
            new(24, [0, 4, 8, 12, 16, 20], [("expand", 0), ("depth", 0), ("excite", 0)], [("reduce", 1), ("project", 1)]),
            new(6, [0, 3], [("reduce", 0)], [("excite", 1)]),
            new(4, [3], [("into", 0), ("grouped", 0)], [("outof", 1)]),
            new(12, [1, 6, 10], [("outof", 0)], [("linear", 1)]),
        ];
        var (_, pruned) = await Proven(PruningGraphs.Mobile(), units, new() { Amount = 0.25 });

        Assert.Equal(18, pruned.Graph.Node.Single(node => node.Input.Contains("depth")).Whole("group", 0));
        Assert.Equal(3, pruned.Graph.Node.Single(node => node.Input.Contains("grouped")).Whole("group", 0));
        Assert.Equal([24L, 4L, 3L, 3L], Dims(pruned, "grouped"));
        Assert.Equal([24L, 1L, 1L], Dims(pruned, "slope"));
    }

    [Theory]
    [InlineData("flatten")]
    [InlineData("literal")]
    [InlineData("copy")]
    [InlineData("computed")]
    [InlineData("computed-literal")]
    public async Task Channels_through_every_way_to_flatten_an_image(string way)
    {
        Units[] units = [new(10, [0, 9], [("c1", 0)], [("d1", 1)]), new(20, [1, 2, 10, 19], [("d1", 0)], [("d2", 0)])];
        var (_, pruned) = await Proven(PruningGraphs.Flattened(way), units, new());

        Assert.Equal([16L, 72L], Dims(pruned, "d1"));
        Assert.Equal([16L, 6L], Dims(pruned, "d2"));
    }

    [Fact]
    public async Task One_unit_stays_and_amounts_round_to_the_unit()
    {
        Units[] units = [new(10, [.. Enumerable.Range(0, 9)], [("c1", 0)], [("d1", 1)]), new(20, [.. Enumerable.Range(0, 19)], [("d1", 0)], [("d2", 0)])];
        var (result, pruned) = await Proven(PruningGraphs.Flattened("literal"), units, new() { Amount = 0.99 });

        Assert.Equal([1L, 9L], Dims(pruned, "d1"));
        Assert.Equal("10", Fact(result, "channels-asked:node_0_Conv").Value);
        Assert.Equal("9", Fact(result, "channels-removed:node_0_Conv").Value);
    }

    [Fact]
    public async Task Channels_stay_in_whole_blocks_when_asked_to()
    {
        // 40 % of 16 leave 10, of which 8 is the nearest multiple; 40 % of 8 leave 5, and the one block stays.
        var source = RuntimeRun.Save(PruningGraphs.ResNet(), folder.File("source.onnx"));
        var pass = new StructuredPruningPass(new() { Amount = 0.4, ChannelMultiple = 8 });
        var result = await pass.RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);
        using var pruned = OnnxModel.Load(folder.File("target.onnx"));

        Assert.Equal([8L, 8L, 3L, 3L], Dims(pruned.Proto, "a1"));
        Assert.Equal([8L, 8L, 3L, 3L], Dims(pruned.Proto, "b1"));
        Assert.Equal([5L, 8L], Dims(pruned.Proto, "linear"));
        Assert.Equal("24", Fact(result, "channels-removed").Value);
        Assert.Equal("prune:structured-0.4-by-8", pass.Name);
    }

    [Fact]
    public async Task A_node_left_out_keeps_its_outputs_and_loses_inputs()
    {
        var (result, pruned) = await Proven(PruningGraphs.Flattened("copy"), [new(10, [4, 7], [("c1", 0)], [("d1", 1)])], new() { Nodes = new() { Exclude = ["*Gemm"] } });

        Assert.Equal([20L, 72L], Dims(pruned, "d1"));
        Assert.Contains(result.Notes, note => note.Contains("was excluded: ", StringComparison.Ordinal) && note.Contains("Gemm", StringComparison.Ordinal));
        (_, pruned) = await Proven(PruningGraphs.Flattened("copy"), [new(20, [0, 1, 2, 3], [("d1", 0)], [("d2", 0)])], new() { Channels = false });
        Assert.Equal([16L, 90L], Dims(pruned, "d1"));
    }

    [Fact]
    public async Task A_weight_used_twice_is_cut_for_each_use_and_once_for_equal_ones()
    {
        var graph = new GraphBuilder("twice", 13);
        graph.Input("x", TensorProto.Types.DataType.Float, "batch", 6);
        graph.Floats("up", TestGraphs.Normal(1, 6 * 12), 6, 12);
        graph.Floats("down", TestGraphs.Normal(2, 12 * 6), 12, 6);
        var state = graph.Node("MatMul", [graph.Node("Relu", [graph.Node("MatMul", ["x", "up"])]), "down"]);
        graph.Node("Softmax", [graph.Node("MatMul", [graph.Node("Relu", [graph.Node("MatMul", [graph.Node("Softmax", [state]), "up"])]), "down"])], "y");
        graph.Output("y", TensorProto.Types.DataType.Float, "batch", 6);
        var (_, pruned) = await Proven(graph.Build(), [new(12, [2, 3, 11], [("up", 1)], [("down", 0)])], new() { Amount = 0.25 });

        Assert.Equal(2, pruned.Graph.Initializer.Count);
        Assert.Equal(108, pruned.Graph.Initializer.Sum(TensorReader.Elements));
    }

    [Fact]
    public async Task The_same_units_leave_each_time()
    {
        var source = RuntimeRun.Save(PruningGraphs.Bert(), folder.File("source.onnx"));
        foreach (var name in new[] { "a.onnx", "b.onnx" })
        {
            await new StructuredPruningPass(new() { Norm = FilterNorm.L2 }).RunAsync(source, folder.File(name), null, CancellationToken.None);
        }

        Assert.Equal(await File.ReadAllBytesAsync(folder.File("a.onnx")), await File.ReadAllBytesAsync(folder.File("b.onnx")));
    }

    [Fact]
    public async Task External_weights_are_read_and_declared_shapes_follow()
    {
        var proto = PruningGraphs.Flattened("literal");
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        shape.Dim.AddRange(new[] { 10, 6, 6 }.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        proto.Graph.ValueInfo.Add(new ValueInfoProto { Name = proto.Graph.Node[0].Output[0], Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } });
        using (var model = OnnxModel.Of(proto))
        {
            model.Save(folder.File("outside.onnx"), inlineBytes: 0);
        }

        var inside = RuntimeRun.Save(proto, folder.File("inside.onnx"));
        await new StructuredPruningPass().RunAsync(folder.File("outside.onnx"), folder.File("a.onnx"), null, CancellationToken.None);
        await new StructuredPruningPass().RunAsync(inside, folder.File("b.onnx"), null, CancellationToken.None);
        Assert.Equal(RuntimeRun.Outputs(folder.File("a.onnx")), RuntimeRun.Outputs(folder.File("b.onnx")));
        OnnxChecker.CheckIfHere(folder.Path, isFull: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task Random_networks_compute_what_is_left(int seed)
    {
        var proto = PruningGraphs.Random(seed);
        await Agrees(proto, new() { Amount = 0.3 });
    }

    [SharedDataFact("models/resnet-cifar10/resnet20.onnx")]
    public async Task ResNet20_loses_the_inner_channels_of_its_blocks_and_the_last_ones()
    {
        using var model = OnnxModel.Load(SharedData.PathOf("models/resnet-cifar10/resnet20.onnx"));
        var result = await Agrees(model.Proto, new());

        // Nine blocks of 3 x 16, 3 x 32 and 3 x 64 inner channels; the sums between them are held together by Slice and Pad, the last one too.
        Assert.Equal("of 336 channels", Fact(result, "channels-removed").Unit);
        Assert.Equal(((3 * 3) + (3 * 6) + (3 * 13)).ToString(System.Globalization.CultureInfo.InvariantCulture), Fact(result, "channels-removed").Value);
    }

    /// <summary>Prunes, and compares with the old graph with zeros in the weights that take the least important units, found here from the search's own groups.</summary>
    private async Task<PassResult> Agrees(ModelProto proto, StructuredPruningOptions options)
    {
        var source = RuntimeRun.Save(proto, folder.File("source.onnx"));
        using var reference = OnnxModel.Load(source);
        var groups = UnitGroups.Find(reference, ValueShapes.Of(reference), options, new PassReport(), CancellationToken.None);
        var importance = new UnitImportance(reference, options.Norm);
        foreach (var units in groups.Select(group => (group, scores: importance.Of(group)!)).ToList())
        {
            var gone = Enumerable.Range(0, units.group.Units).OrderBy(unit => units.scores[unit]).Take(Math.Min(units.group.Units - 1, (int)Math.Round(options.Amount * units.group.Units))).ToArray();
            var takes = units.group.Slots.Where(slot => slot.Role == SlotRole.Takes).Select(slot => (slot.Constant.Source.Name, slot.Axis)).ToArray();
            Assert.NotEmpty(takes);
            new Units(units.group.Units, gone, [], takes).Silence(reference.Proto);
        }

        var zeroed = RuntimeRun.Save(reference.Proto, folder.File("zeroed.onnx"));
        var result = await new StructuredPruningPass(options).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);
        Near(zeroed, folder.File("target.onnx"), result.Notes);
        OnnxChecker.CheckIfHere(folder.Path, isFull: true);
        return result;
    }

    private async Task<(PassResult Result, ModelProto Pruned)> Proven(ModelProto model, Units[] units, StructuredPruningOptions options)
    {
        foreach (var group in units)
        {
            group.Weaken(model);
        }

        var source = RuntimeRun.Save(model, folder.File("source.onnx"));
        var target = folder.File("target.onnx");
        var result = await new StructuredPruningPass(options).RunAsync(source, target, null, CancellationToken.None);
        foreach (var group in units)
        {
            group.Silence(model);
        }

        Near(RuntimeRun.Save(model, folder.File("zeroed.onnx")), target, result.Notes);
        OnnxChecker.CheckIfHere(folder.Path, isFull: true);
        using var pruned = OnnxModel.Load(target);
        Assert.Equal(Fact(result, "parameters-after").Value, pruned.Graph.Initializer.Where(TensorReader.IsFloating).Sum(TensorReader.Elements).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(new FileInfo(target).Length < new FileInfo(source).Length);
        return (result, pruned.Proto);
    }

    private static void Near(string expected, string found, IReadOnlyList<string> notes)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var (left, right) = (RuntimeRun.Outputs(expected, seed), RuntimeRun.Outputs(found, seed));
            Assert.Equal(left.Length, right.Length);
            Assert.True(left.Distinct().Count() > 1);
            var most = left.Zip(right).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.True(most <= 1e-5f * Math.Max(1, left.Max(Math.Abs)), $"{most} apart, {left.Max(Math.Abs)} at most. {string.Join(' ', notes)}");
        }
    }

    private static long[] Dims(ModelProto model, string name) => [.. model.Graph.Initializer.Single(tensor => tensor.Name == name).Dims];

    private static PassFact Fact(PassResult result, string name) => result.Facts.Single(fact => fact.Name == name);
}
