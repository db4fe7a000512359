using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Tests.Support;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>Loading, looking through and saving graphs.</summary>
public sealed class GraphsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Names_in_a_branch_are_found_outside_of_it()
    {
        var index = GraphIndex.Of(TestGraphs.Branches());
        var branch = index.Scopes[1];

        Assert.Same(index.Root, branch.Parent);
        Assert.Equal("If", branch.Owner!.OpType);
        var weight = branch.Find("w")!;
        Assert.Same(index.Root, weight.Scope);
        Assert.Equal([(index.Root, 1), (branch, 1)], weight.Uses.Select(use => (use.Scope, use.Index)));
        Assert.Same(index.Scopes[2], index.Scopes[2].Find("own")!.Scope);
        Assert.Null(index.Root.Find("own"));
        Assert.Null(branch.Find(string.Empty));
        Assert.True(branch.Find("t")!.IsOutput);
    }

    [Fact]
    public void A_value_made_twice_is_refused()
    {
        var model = TestGraphs.Dense(13);
        model.Graph.Node[1].Output[0] = model.Graph.Node[0].Output[0];
        Assert.Equal("onnx-duplicate-name", Assert.Throws<ProblemException>(() => GraphIndex.Of(model)).Problem.Code);
    }

    [Fact]
    public void Constants_are_read_from_every_storage()
    {
        using var model = OnnxModel.Of(TestGraphs.Dense(13));
        float[] values = [1, -2, 0.5f, 65504];
        var raw = Nodes.Tensor<float>("t", DataType.Float, values, 2, 2);
        var typed = new TensorProto { DataType = (int)DataType.Float, Dims = { 4 }, FloatData = { values } };
        var doubles = new TensorProto { DataType = (int)DataType.Double, Dims = { 4 }, DoubleData = { values.Select(value => (double)value) } };
        var halves = Array.ConvertAll(values, value => (Half)value);
        var rawHalf = Nodes.Tensor<Half>("t", DataType.Float16, halves, 4);
        var typedHalf = new TensorProto { DataType = (int)DataType.Float16, Dims = { 4 }, Int32Data = { halves.Select(half => (int)BitConverter.HalfToUInt16Bits(half)) } };
        Assert.All([raw, typed, doubles, rawHalf, typedHalf], tensor => Assert.Equal(values, model.Tensors.Floats(tensor)));

        // 1.5 and -2 in bfloat16: the upper halves of 0x3FC00000 and 0xC0000000.
        Assert.Equal([1.5f, -2f], model.Tensors.Floats(Nodes.Tensor<ushort>("b", DataType.Bfloat16, [0x3FC0, 0xC000], 2)));
        Assert.Equal([3L, -4L], model.Tensors.Longs(Nodes.Tensor<int>("i", DataType.Int32, [3, -4], 2)));
        Assert.Equal([255L], model.Tensors.Longs(Nodes.Tensor<byte>("i", DataType.Uint8, [255], 1)));

        typed.Dims[0] = 5;
        Assert.Equal("onnx-tensor-size", Assert.Throws<ProblemException>(() => model.Tensors.Floats(typed)).Problem.Code);
        Assert.Equal("onnx-tensor-type", Assert.Throws<ProblemException>(() => model.Tensors.Longs(raw)).Problem.Code);
        typed.Dims.Add([long.MaxValue, 3]);
        Assert.Equal("onnx-tensor-size", Assert.Throws<ProblemException>(() => TensorReader.Elements(typed)).Problem.Code);
    }

    [Fact]
    public void A_constant_is_found_through_identity_and_transpose()
    {
        using var model = OnnxModel.Of(TestGraphs.Unfolded());
        var root = GraphIndex.Of(model.Proto).Root;
        var turned = GraphConstants.Find(root.Find("t"))!;

        Assert.True(turned.IsTransposed);
        Assert.Equal([20L, 24L], turned.Dims);
        var (values, original) = (new GraphConstants(model).Floats(turned), model.Tensors.Floats(turned.Tensor));
        Assert.Equal(original[(3 * 20) + 7], values[(7 * 24) + 3]);
        Assert.NotNull(GraphConstants.Find(root.Find("c")));
        Assert.Null(GraphConstants.Find(root.Find("h")));
        Assert.Null(GraphConstants.Find(root.Find("x")));
    }

    [Fact]
    public void Saved_outside_and_inside_the_values_and_unknown_fields_stay()
    {
        var proto = TestGraphs.Bert();

        // training_info of ModelProto stands at 20 and is refused; 26 (configuration) is not in our part of the format and must survive.
        var bytes = proto.ToByteArray().Concat(new byte[] { 0xD2, 0x01, 0x02, 0x0A, 0x00 }).ToArray();
        var path = Path.Combine(folder.Path, "a.onnx");
        File.WriteAllBytes(path, bytes);
        using var model = OnnxModel.Load(path);
        var outside = Path.Combine(folder.Path, "b.onnx");
        Assert.Equal(model.Save(outside, inlineBytes: 0), new FileInfo(outside).Length + new FileInfo(outside + ".data").Length);
        Assert.True(new FileInfo(outside).Length < 20_000);
        using var again = OnnxModel.Load(outside);
        Assert.Equal(["b.onnx.data"], again.Signature.ExternalFiles);
        var inside = Path.Combine(folder.Path, "c.onnx");
        again.Save(inside);
        Assert.False(File.Exists(inside + ".data"));
        Assert.Equal(ModelProto.Parser.ParseFrom(bytes), ModelProto.Parser.ParseFrom(File.ReadAllBytes(inside)));
        Assert.Equal(4, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Names_are_free_in_every_graph_and_the_same_each_time()
    {
        var model = TestGraphs.Branches();
        var names = new GraphNames(model);
        Assert.Equal(["own_2", "own_3", "new", "new_2", "x_2"], new[] { "own", "own", "new", "new", "x" }.Select(names.Unique));
        Assert.Equal("own_2", new GraphNames(model).Unique("own"));
    }

    [Fact]
    public void Unused_constants_go_and_outputs_stay()
    {
        var model = TestGraphs.Unfolded();
        model.Graph.Node.RemoveAt(3);
        model.Graph.Node[^1].Input[0] = "x";
        model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 24;
        UnusedConstants.Remove(model);

        Assert.Equal(["Constant", "MatMul"], model.Graph.Node.Select(node => node.OpType));
        Assert.Empty(model.Graph.Initializer);
        Assert.Equal(["x"], model.Graph.Input.Select(input => input.Name));
    }

    [Fact]
    public void The_default_domain_has_two_names()
    {
        var model = TestGraphs.Unfolded();
        foreach (var node in model.Graph.Node)
        {
            node.Domain = "ai.onnx";
        }

        model.OpsetImport[0].Domain = "ai.onnx";
        model.Graph.Node.RemoveAt(3);
        model.Graph.Node[^1].Input[0] = "x";
        UnusedConstants.Remove(model);

        Assert.Equal(["Constant", "MatMul"], model.Graph.Node.Select(node => node.OpType));
        Assert.Empty(model.Graph.Initializer);
        Assert.Equal(11, OnnxModel.Of(model).Signature.Opset);
    }

    [Fact]
    public void Types_follow_from_operators()
    {
        var graph = new GraphBuilder("types");
        graph.Input("ids", DataType.Int64, "batch");
        graph.Floats("w", [1, 2], 2);
        var shape = graph.Node("Shape", [graph.Node("Gather", ["w", "ids"], "rows")], "shape");
        graph.Node("Cast", [shape], "number", GraphBuilder.Attribute("to", (long)DataType.Double));
        graph.Node("Equal", [shape, "ids"], "truth");
        graph.Node("Where", ["truth", "rows", "rows"], "y");
        graph.Output("y", DataType.Float, "batch");
        var index = GraphIndex.Of(graph.Build());
        var types = ElementTypeInference.Of(index);

        Assert.Equal(
            [DataType.Float, DataType.Int64, DataType.Double, DataType.Bool, DataType.Float, DataType.Undefined],
            new[] { "rows", "shape", "number", "truth", "y", "nothing" }.Select(name => types[index.Root.Find(name)]));
    }
}
