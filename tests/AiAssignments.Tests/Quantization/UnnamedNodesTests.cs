using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization;
using AiAssignments.Optimization.Quantization.Sensitivity;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Quantization;

/// <summary>Nodes without names, as some exporters leave them: they are known by their outputs, before and after a normalization is folded into them.</summary>
public sealed class UnnamedNodesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_convolution_without_a_name_can_be_excluded()
    {
        var (source, labels) = Save();
        var pass = new StaticInt8Pass(new SeededImages("image", 2, 2, 3, 12, 12), new() { Nodes = NodeSelection.All.Without(labels[0]) });

        var result = await pass.RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);

        Assert.Equal("3", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Contains(result.Notes, note => note == $"Left as it is because it was excluded: {labels[0]}.");
    }

    [Fact]
    public async Task Convolutions_without_names_are_ranked_and_among_those_asked_for_only()
    {
        var (source, labels) = Save();
        var images = new SeededImages("image", 2, 2, 3, 12, 12);
        IReadOnlyList<LayerSensitivity> all = await new SensitivityRanking(images, Pass, 1).RankAsync(source, folder.Path, null, CancellationToken.None);
        IReadOnlyList<LayerSensitivity> some = await new SensitivityRanking(images, Pass, 1, NodeSelection.All with { Include = ["Conv:*"], Exclude = [labels[1]] }).RankAsync(source, folder.Path, null, CancellationToken.None);

        Assert.Equal(labels.Order(), all.Select(layer => layer.Label).Order());
        Assert.Equal(labels.Where(label => label.StartsWith("Conv:", StringComparison.Ordinal) && label != labels[1]).Order(), some.Select(layer => layer.Label).Order());

        StaticInt8Pass Pass(NodeSelection nodes) => new(images, new() { Nodes = nodes });
    }

    [Fact]
    public async Task Another_node_may_have_the_name_that_one_without_is_known_by()
    {
        var (source, _) = Save(takenName: true);

        var result = await new StaticInt8Pass(new SeededImages("image", 2, 2, 3, 12, 12)).RunAsync(source, folder.File("target.onnx"), null, CancellationToken.None);

        // ONNX Runtime refuses two nodes of one name.
        Assert.Equal("4", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.InRange(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(folder.File("target.onnx"))), 0, 0.15);
    }

    private (string Source, List<string> Labels) Save(bool takenName = false)
    {
        var model = TestGraphs.Convolutional(13);
        foreach (var node in model.Graph.Node)
        {
            node.Name = string.Empty;
        }

        if (takenName)
        {
            model.Graph.Node.First(node => node.OpType == "Flatten").Name = model.Graph.Node.First(node => node.OpType == "Conv").Label();
        }

        return (RuntimeRun.Save(model, folder.File("source.onnx")), [.. model.Graph.Node.Where(node => node.OpType is "Conv" or "Gemm").Select(node => node.Label())]);
    }
}
