using AiAssignments.Onnx;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using AiAssignments.Optimization.Pruning.Structured;
using AiAssignments.Tests.Quantization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Pruning;

/// <summary>ONNX's own checker on what pruning passes make, shapes inferred and compared with the declared ones.</summary>
public sealed class CheckedGraphsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [OnnxCheckerFact]
    public async Task ONNXs_own_checker_takes_every_output()
    {
        (string Name, ModelProto Model)[] networks =
        [
            ("bert", PruningGraphs.Bert()), ("resnet", PruningGraphs.ResNet()), ("mobile", PruningGraphs.Mobile()), ("flattened", PruningGraphs.Flattened("literal")), ("distilbert", PruningGraphs.DistilBert(true)),
        ];
        (string Name, IGraphPass Pass)[] zeroing = [("global", new MagnitudePruningPass(new() { Embeddings = true })), ("pattern", new PatternPruningPass(new() { N = 2, M = 4 }))];
        foreach (var (name, model) in PassesOnGraphsTests.Graphs.Where(graph => graph.Name is not ("tied" or "shared-kept") && !graph.Name.StartsWith("every-tied", StringComparison.Ordinal)).Concat(networks.Select(one => ($"pruned-{one.Name}", one.Model))))
        {
            var source = RuntimeRun.Save(model, folder.File(name + ".onnx"));
            foreach (var (kind, pass) in name.StartsWith("pruned-", StringComparison.Ordinal) ? [.. zeroing, ("structured", (IGraphPass)new StructuredPruningPass(new() { Amount = 0.3 }))] : zeroing)
            {
                await pass.RunAsync(source, folder.File($"{name}.{kind}.onnx"), null, CancellationToken.None);
            }
        }

        OnnxChecker.Check(folder.Path, isFull: true);
    }
}
