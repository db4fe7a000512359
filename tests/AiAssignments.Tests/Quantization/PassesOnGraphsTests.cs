using System.Diagnostics;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Tests.Quantization;

/// <summary>Every pass on every layout: the output loads, computes nearly the same, and passes ONNX's own checker.</summary>
public sealed class PassesOnGraphsTests : IDisposable
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

    /// <summary>Passes with the largest relative error allowed: the root of the mean square over all outputs, found by running and doubled.</summary>
    private static IEnumerable<(string Name, IGraphPass Pass, double Error)> Passes(string graph)
    {
        var source = new SeededImages("image", 3, 4, 3, 12, 12);
        yield return ("int8", new DynamicInt8Pass(new() { SmallestWeight = 32, ReducedRange = ReducedRange.On }), 0.06);
        yield return ("int8-tensor", new DynamicInt8Pass(new() { SmallestWeight = 32, PerChannel = false, ReducedRange = ReducedRange.On }), 0.08);
        yield return ("uint8", new DynamicInt8Pass(new() { SmallestWeight = 32, Symmetric = false, ReducedRange = ReducedRange.On }), 0.06);
        yield return ("uint8-tensor", new DynamicInt8Pass(new() { SmallestWeight = 32, Symmetric = false, PerChannel = false, ReducedRange = ReducedRange.On }), 0.08);
        yield return ("float16", new Float16Pass(), 0.005);
        if (!graph.StartsWith("convolutional", StringComparison.Ordinal))
        {
            yield return ("int4", new FourBitPass(new() { SmallestWeight = 32, BlockSize = 16 }), 0.25);
            yield return ("int4-asymmetric", new FourBitPass(new() { SmallestWeight = 32, Symmetric = false, RoundActivations = false }), 0.25);
            yield break;
        }

        foreach (var method in Enum.GetValues<CalibrationMethod>())
        {
            yield return ($"static-{method}", new StaticInt8Pass(source, new() { Calibration = method, ReducedRange = ReducedRange.On }), 0.15);
        }

        yield return ("static-tensor", new StaticInt8Pass(source, new() { PerChannel = false, KeepFirst = true, KeepLast = true, Calibration = CalibrationMethod.MinMax }), 0.1);
    }

    [Fact]
    public async Task Outputs_load_compute_nearly_the_same_and_pass_the_checker()
    {
        var problems = new List<string>();
        foreach (var (graph, model) in Graphs)
        {
            var source = RuntimeRun.Save(model, Path.Combine(folder.Path, graph + ".onnx"));
            foreach (var (name, pass, allowed) in Passes(graph))
            {
                var target = Path.Combine(folder.Path, $"{graph}.{name}.onnx");
                try
                {
                    var result = await pass.RunAsync(source, target, null, CancellationToken.None);
                    Assert.Contains(result.Facts, fact => fact.Name == "size-after" && fact.Value == new FileInfo(target).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    foreach (var seed in new[] { 1, 2 })
                    {
                        var error = RuntimeRun.Error(RuntimeRun.Outputs(source, seed), RuntimeRun.Outputs(target, seed));
                        if (error > allowed)
                        {
                            problems.Add($"{graph}.{name}: error {error:0.0000} of {allowed}");
                        }
                    }
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    problems.Add($"{graph}.{name}: {failure.Message}");
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.Empty(Directory.GetDirectories(folder.Path));
        if (Checker.IsHere)
        {
            Checker.Check(folder.Path);
        }
    }

    [CheckerFact]
    public void The_checker_refuses_what_is_wrong()
    {
        var model = TestGraphs.Dense(13);
        model.Graph.Node[1].Input[0] = "nowhere";
        RuntimeRun.Save(model, Path.Combine(folder.Path, "wrong.onnx"));

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Checker.Check(folder.Path));
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
        foreach (var (name, pass, allowed) in Passes("random"))
        {
            var target = Path.Combine(folder.Path, name + ".onnx");
            await pass.RunAsync(source, target, null, CancellationToken.None);
            var error = RuntimeRun.Error(expected, RuntimeRun.Outputs(target, seed));
            Assert.True(error <= allowed * 2, $"{name}: {error}");
        }

        if (Checker.IsHere)
        {
            Checker.Check(folder.Path);
        }
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
    public async Task External_data_is_read_and_written()
    {
        var source = Path.Combine(folder.Path, "source.onnx");
        using (var model = OnnxModel.Of(TestGraphs.Bert()))
        {
            model.Save(source, inlineBytes: 0);
        }

        Assert.True(new FileInfo(source + ".data").Length > 100_000);
        var target = Path.Combine(folder.Path, "target.onnx");
        await new DynamicInt8Pass().RunAsync(source, target, null, CancellationToken.None);
        Assert.True(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(target)) < 0.06);
        using var again = OnnxModel.Load(target);
        var moved = Path.Combine(folder.Path, "moved.onnx");
        again.Save(moved, inlineBytes: 0);
        Assert.Equal(RuntimeRun.Outputs(target), RuntimeRun.Outputs(moved));
        if (Checker.IsHere)
        {
            Checker.Check(folder.Path);
        }
    }

    private sealed class CheckerFactAttribute : FactAttribute
    {
        public CheckerFactAttribute() => Skip = Checker.IsHere ? null : "python3-onnx is not installed (/usr/bin/python3 -c 'import onnx')";
    }

    /// <summary>ONNX's own checker, all files of a folder in one process.</summary>
    private static class Checker
    {
        private const string Script = """
            import sys, glob, onnx
            bad = 0
            for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
                try:
                    onnx.checker.check_model(path)
                except Exception as e:
                    bad += 1
                    print(path.split('/')[-1], str(e).strip().split('\n')[0])
            sys.exit(1 if bad else 0)
            """;

        public static bool IsHere { get; } = Python("-c", "import onnx").Exit == 0;

        public static void Check(string path)
        {
            var (exit, output) = Python("-c", Script, path);
            Assert.True(exit == 0, output);
        }

        private static (int Exit, string Output) Python(params string[] arguments)
        {
            if (!File.Exists("/usr/bin/python3"))
            {
                return (-1, string.Empty);
            }

            using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
    }
}
