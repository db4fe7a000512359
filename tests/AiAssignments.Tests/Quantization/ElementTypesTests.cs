using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Types that a file does not say: of operators of other domains, and of what follows them.</summary>
public sealed class ElementTypesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_of_unknown_type_stays_in_float_and_the_rest_is_converted()
    {
        var source = RuntimeRun.Save(Unknown(), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        var result = await new Float16Pass().RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("2", result.Facts.Single(fact => fact.Name == "nodes-converted").Value);
        Assert.Contains(result.Notes, note => note.Contains("not known", StringComparison.Ordinal) && note.Contains("after", StringComparison.Ordinal));
        using var model = OnnxModel.Load(target);
        Assert.Equal(2, model.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Float16));
        Assert.Equal("known", model.Graph.Node.Single(node => node.Domain == "com.microsoft").Input[0]);
        Assert.InRange(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(target)), 0, 0.005);
    }

    [Fact]
    public void An_operator_of_one_type_tells_it_of_all_its_inputs()
    {
        var index = GraphIndex.Of(Unknown());
        var types = ElementTypeInference.Of(index);

        Assert.Equal(
            [DataType.Float, DataType.Undefined, DataType.Float, DataType.Float],
            new[] { "known", "unknown", "after", "y" }.Select(name => types[index.Root.Find(name)]));
    }

    // 100,000 graphs: looking for a node's among all of them, for each node, would take minutes.
    [Fact(Timeout = 30_000)]
    public async Task Many_subgraphs_are_looked_through_once()
    {
        var graph = new GraphBuilder("many", 13);
        graph.Input("flag", DataType.Bool);
        graph.Input("x", DataType.Float, 1);
        var model = graph.Build();
        for (var i = 0; i < 50_000; i++)
        {
            var choice = Nodes.Make("If", $"if{i}", ["flag"], [$"y{i}"]);
            foreach (var branch in new[] { "then", "else" })
            {
                var body = new GraphProto { Name = $"{branch}{i}", Node = { Nodes.Make("Relu", $"{branch}{i}", ["x"], [$"{branch}{i}"]) }, Output = { new ValueInfoProto { Name = $"{branch}{i}" } } };
                choice.Attribute.Add(new AttributeProto { Name = branch + "_branch", Type = AttributeProto.Types.AttributeType.Graph, G = body });
            }

            model.Graph.Node.Add(choice);
        }

        var index = GraphIndex.Of(model);
        var types = await Task.Run(() => ElementTypeInference.Of(index));

        Assert.Equal(DataType.Float, types[index.Root.Find("y49999")]);
    }

    // A product, an operator that the default domain does not have, and what only follows it; then a product whose weights tell the type again.
    private static ModelProto Unknown()
    {
        var graph = new GraphBuilder("unknown", 13);
        graph.Input("x", DataType.Float, "batch", 16);
        graph.Floats("w1", TestGraphs.Normal(1, 256), 16, 16);
        graph.Floats("w2", TestGraphs.Normal(2, 256), 16, 16);
        graph.Node("MatMul", ["x", "w1"], "known");
        graph.Output("y", DataType.Float, "batch", 16);
        var model = graph.Build();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        model.Graph.Node.Add(Nodes.Make("Gelu", "foreign", ["known"], ["unknown"], domain: "com.microsoft"));
        model.Graph.Node.Add(Nodes.Make("Relu", "after", ["unknown"], ["after"]));
        model.Graph.Node.Add(Nodes.Make("MatMul", "product", ["after", "w2"], ["y"]));
        return model;
    }
}
