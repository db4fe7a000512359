using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Tests.Support;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Tests.Quantization;

/// <summary>Every pass on every layout: the output loads, computes nearly the same, and passes ONNX's own checker.</summary>
/// <param name="outputs">What all passes made of all graphs, made once.</param>
public sealed class PassesOnGraphsTests(PassOutputs outputs) : IClassFixture<PassOutputs>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static IReadOnlyList<(string Name, ModelProto Model)> Graphs =>
    [
        ("bert", TestGraphs.Bert()), ("dense-11", TestGraphs.Dense(11)), ("dense-13", TestGraphs.Dense(13)), ("dense-21", TestGraphs.Dense(21)),
        ("convolutional-11", TestGraphs.Convolutional(11)), ("convolutional-13", TestGraphs.Convolutional(13)), ("convolutional-17", TestGraphs.Convolutional(17)),
        ("shared-freed", TestGraphs.Shared(true)), ("shared-kept", TestGraphs.Shared(false)), ("tied", TestGraphs.Tied()),
        ("half-table", TestGraphs.HalfTable(false)), ("half-table-cast", TestGraphs.HalfTable(true)), ("branches", TestGraphs.Branches()), ("unfolded", TestGraphs.Unfolded()),
        ("loop-11", LoopGraphs.Loop(11)), ("loop-17", LoopGraphs.Loop(17)), ("scan-11", LoopGraphs.Scan(11)), ("scan-17", LoopGraphs.Scan(17)),
        .. Opsets.Select(opset => ($"every-dense-{opset}", TestGraphs.Dense(opset))), .. Opsets.Select(opset => ($"convolutional-every-{opset}", TestGraphs.Convolutional(opset))),
        .. Opsets.Select(opset => ($"every-tied-{opset}", TestGraphs.Tied(opset))), .. Opsets.Select(opset => ($"every-half-table-{opset}", TestGraphs.HalfTable(true, opset))),
    ];

    /// <summary>From the oldest operator set that is taken to the newest that this ONNX Runtime has, but for those that are above already.</summary>
    private static List<long> Opsets { get; } = [.. Enumerable.Range(11, 90).Select(opset => (long)opset).TakeWhile(IsKnown).Except([11, 13, 17, 21])];

    private static bool IsKnown(long opset)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var session = new InferenceSession(TestGraphs.Dense(opset).ToByteArray(), options);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    [Fact]
    public void The_sweep_reaches_beyond_what_is_listed_by_hand() => Assert.Contains(22, Opsets);

    [Fact]
    public async Task Outputs_load_and_compute_nearly_the_same() => Assert.Empty(await outputs.ProblemsAsync());

    [OnnxCheckerFact]
    public async Task ONNXs_own_checker_takes_every_output()
    {
        await outputs.ProblemsAsync();
        Assert.True(Directory.GetFiles(outputs.Folder, "*.onnx").Length > 4 * Graphs.Count);
        OnnxChecker.Check(outputs.Folder);
    }

    [OnnxCheckerFact]
    public void The_checker_refuses_what_is_wrong()
    {
        var model = TestGraphs.Dense(13);
        model.Graph.Node[1].Input[0] = "nowhere";
        RuntimeRun.Save(model, Path.Combine(folder.Path, "wrong.onnx"));

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => OnnxChecker.Check(folder.Path));
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
    [InlineData(11)]
    [InlineData(12)]
    public async Task Random_graphs_stay_near_their_float_version(int seed)
    {
        var source = RuntimeRun.Save(TestGraphs.Random(seed), Path.Combine(folder.Path, "random.onnx"));
        var expected = RuntimeRun.Outputs(source, seed);
        foreach (var (name, pass, allowed) in PassOutputs.Passes("random"))
        {
            var target = Path.Combine(folder.Path, name + ".onnx");
            await pass.RunAsync(source, target, null, CancellationToken.None);
            var error = RuntimeRun.Error(expected, RuntimeRun.Outputs(target, seed));
            Assert.True(error <= allowed * 2, $"{name}: {error}");
        }

        OnnxChecker.CheckIfHere(folder.Path);
    }

    [Fact]
    public async Task A_weight_used_twice_is_stored_once_and_a_needed_float_stays()
    {
        foreach (var isFreed in new[] { true, false })
        {
            var source = RuntimeRun.Save(TestGraphs.Shared(isFreed), Path.Combine(folder.Path, "shared.onnx"));
            var target = Path.Combine(folder.Path, "out.onnx");
            var result = await new DynamicInt8Pass().RunAsync(source, target, null, CancellationToken.None);
            using var model = OnnxModel.Load(target);

            Assert.Equal("256", result.Facts.Single(fact => fact.Name == "weights-quantized").Value);
            Assert.Single(model.Graph.Initializer, tensor => tensor.DataType == (int)TensorProto.Types.DataType.Int8);
            Assert.Equal(isFreed ? 0 : 1, model.Graph.Initializer.Count(tensor => tensor.Name == "w"));
        }
    }

    [Fact]
    public async Task External_data_is_read_and_written_by_every_pass() => await ExternalAsync();

    [OnnxCheckerFact]
    public async Task ONNXs_own_checker_takes_outputs_with_external_data()
    {
        await ExternalAsync();
        OnnxChecker.Check(folder.Path);
    }

    private async Task ExternalAsync()
    {
        foreach (var (graph, model) in Graphs.Where(graph => graph.Name is "bert" or "tied" or "convolutional-13" or "branches" or "unfolded"))
        {
            var inside = RuntimeRun.Save(model, Path.Combine(folder.Path, graph + ".onnx"));
            var outside = Path.Combine(folder.Path, graph + "-outside.onnx");
            using (var loaded = OnnxModel.Of(model.Clone()))
            {
                loaded.Save(outside, inlineBytes: 0);
            }

            Assert.Equal(RuntimeRun.Outputs(inside), RuntimeRun.Outputs(outside));
            foreach (var (name, pass, _) in PassOutputs.Passes(graph))
            {
                var (fromInside, fromOutside) = (Path.Combine(folder.Path, $"{graph}.{name}.onnx"), Path.Combine(folder.Path, $"{graph}-outside.{name}.onnx"));
                await pass.RunAsync(inside, fromInside, null, CancellationToken.None);
                await pass.RunAsync(outside, fromOutside, null, CancellationToken.None);
                Assert.Equal(RuntimeRun.Outputs(fromInside), RuntimeRun.Outputs(fromOutside));
                using var again = OnnxModel.Load(fromOutside);
                var moved = Path.Combine(folder.Path, $"{graph}-moved.{name}.onnx");
                again.Save(moved, inlineBytes: 0);
                Assert.Equal(RuntimeRun.Outputs(fromOutside), RuntimeRun.Outputs(moved));
            }
        }

        Assert.True(new FileInfo(Path.Combine(folder.Path, "bert-outside.onnx.data")).Length > 100_000);
    }
}
