using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Quantization;

/// <summary>Every quantizing pass on every layout, made and run once, for several tests to look at.</summary>
public sealed class PassOutputs : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Lazy<Task<IReadOnlyList<string>>> problems;

    public PassOutputs() => problems = new(MakeAsync);

    /// <summary>Where sources and outputs lie.</summary>
    public string Folder => folder.Path;

    public void Dispose() => folder.Dispose();

    /// <summary>Makes all, and says what does not load or strays too far from its source.</summary>
    public Task<IReadOnlyList<string>> ProblemsAsync() => problems.Value;

    /// <summary>Passes with the largest relative error allowed: the root of the mean square over all outputs, found by running and doubled.</summary>
    internal static IEnumerable<(string Name, IGraphPass Pass, double Error)> Passes(string graph)
    {
        var source = new SeededImages("image", 3, 4, 3, 12, 12);
        yield return ("int8", new DynamicInt8Pass(new() { SmallestWeight = 32, ReducedRange = ReducedRange.On }), 0.06);
        yield return ("int8-tensor", new DynamicInt8Pass(new() { SmallestWeight = 32, PerChannel = false, ReducedRange = ReducedRange.On }), 0.08);
        yield return ("uint8", new DynamicInt8Pass(new() { SmallestWeight = 32, Symmetric = false, ReducedRange = ReducedRange.On }), 0.06);
        yield return ("uint8-tensor", new DynamicInt8Pass(new() { SmallestWeight = 32, Symmetric = false, PerChannel = false, ReducedRange = ReducedRange.On }), 0.08);
        yield return ("float16", new Float16Pass(), 0.005);
        if (graph == "shared-kept")
        {
            // Its one weight stays in float anyway: nothing to make smaller in 4 bits.
            yield break;
        }

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

    private async Task<IReadOnlyList<string>> MakeAsync()
    {
        var found = new List<string>();
        foreach (var (graph, model) in PassesOnGraphsTests.Graphs)
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
                            found.Add($"{graph}.{name}: error {error:0.0000} of {allowed}");
                        }
                    }
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    found.Add($"{graph}.{name}: {failure.Message}");
                }
            }
        }

        return [.. found, .. Directory.GetDirectories(folder.Path)];
    }
}
