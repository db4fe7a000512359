using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Inspection;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.InferenceTests.Onnx;

public sealed class ComputedSizeTests : IDisposable
{
    private const long Side = 1 << 16;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ConstantOfShape", "shape")]
    [InlineData("Expand", "x", "shape")]
    [InlineData("Tile", "x", "shape")]
    [InlineData("Resize", "x", "", "", "shape")]
    [InlineData("Resize", "x", "", "scales")]
    [InlineData("Upsample", "x", "scales")]
    [InlineData("Range", "zero", "many", "one")]
    [InlineData("Range", "zero", "one", "zero")]
    [InlineData("OneHot", "x", "many", "x")]
    [InlineData("Pad", "x", "pads")]
    [InlineData("HannWindow", "many")]
    public void A_size_that_stands_in_the_file_and_is_absurd_is_refused(string type, params string[] inputs) =>
        Assert.Equal("onnx-tensor-size", Refuse(With(type, inputs)).Code);

    [Theory]
    [InlineData("ConstantOfShape", "fine")]
    [InlineData("Expand", "x", "fine")]
    [InlineData("Resize", "x", "", "scale")]
    [InlineData("Range", "zero", "some", "one")]
    [InlineData("Reshape", "x", "shape")]
    public void A_size_within_the_limit_is_taken(string type, params string[] inputs) =>
        Assert.NotEmpty(OnnxInspector.Inspect(With(type, inputs).Write(folder.File("m.onnx"))).Outputs);

    [Fact]
    public void The_limit_itself_is_taken_and_one_more_is_not()
    {
        var limits = new OnnxLimits { ValueElements = 1000 };
        ModelProto Model(long elements)
        {
            var model = TinyGraphs.Text();
            model.Graph.Node.Add(Node("RandomNormal", GraphBuilder.Attribute("shape", [elements, 1L])));
            return model;
        }

        OnnxInspector.Inspect(Model(1000).Write(folder.File("m.onnx")), limits);
        Assert.Equal("onnx-tensor-size", Packages.Refused(() => OnnxInspector.Inspect(Model(1001).Write(folder.File("m.onnx")), limits)).Code);
    }

    [Fact]
    public void Listed_values_and_constant_nodes_are_read_too()
    {
        var shape = new TensorProto { Name = "listed", DataType = (int)DataType.Int64 };
        shape.Dims.Add(2);
        shape.Int64Data.Add([Side, Side]);
        var listed = TinyGraphs.Text();
        listed.Graph.Initializer.Add(shape);
        listed.Graph.Node.Add(Node("ConstantOfShape", "listed"));
        Assert.Equal("onnx-tensor-size", Refuse(listed).Code);

        foreach (var value in new[] { GraphBuilder.Attribute("value_ints", [Side, Side]), new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = shape } })
        {
            var constant = TinyGraphs.Text();
            constant.Graph.Node.Add(Node("ConstantOfShape", "held"));
            constant.Graph.Node.Add(Held(value));
            Assert.Equal("onnx-tensor-size", Refuse(constant).Code);
        }
    }

    [Fact]
    public void Subgraphs_see_the_constants_around_them_and_functions_their_own()
    {
        var model = With("Identity", "x");
        var body = new GraphProto { Name = "body" };
        body.Node.Add(Node("ConstantOfShape", "shape"));
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        Assert.Equal("onnx-tensor-size", Refuse(model).Code);

        var functions = TinyGraphs.Text();
        var function = new FunctionProto { Name = "f", Domain = "own" };
        function.Node.Add([Held(GraphBuilder.Attribute("value_ints", [Side, Side])), Node("ConstantOfShape", "held")]);
        functions.Functions.Add(function);
        Assert.Equal("onnx-tensor-size", Refuse(functions).Code);
    }

    [Fact]
    public void A_shape_of_more_axes_than_a_tensor_has_is_refused()
    {
        var model = TinyGraphs.Text();
        model.Graph.Node.Add(Node("RandomUniform", GraphBuilder.Attribute("shape", [.. Enumerable.Repeat(1L, 65)])));

        Assert.Equal("onnx-tensor-size", Refuse(model).Code);
    }

    private static NodeProto Node(string type, params string[] inputs)
    {
        var node = new NodeProto { OpType = type };
        node.Input.Add(inputs);
        return node;
    }

    private static NodeProto Node(string type, AttributeProto attribute)
    {
        var node = new NodeProto { OpType = type };
        node.Attribute.Add(attribute);
        return node;
    }

    private static NodeProto Held(AttributeProto value)
    {
        var node = Node("Constant", value);
        node.Output.Add("held");
        return node;
    }

    private static ModelProto With(string type, params string[] inputs)
    {
        var graph = new GraphBuilder("growing");
        graph.Input("x", DataType.Float, "n");
        graph.Longs("shape", [Side, Side], 2);
        graph.Longs("pads", [Side, Side, Side, Side], 4);
        graph.Longs("fine", [Side, 4], 2);
        graph.Floats("scales", [Side, Side], 2);
        graph.Floats("scale", [2, 2], 2);
        graph.Longs("zero", [0]);
        graph.Longs("one", [1]);
        graph.Longs("some", [1000]);
        graph.Longs("many", [1L << 40]);
        graph.Output(graph.Node(type, inputs), DataType.Float, "n");
        return graph.Build();
    }

    private Problem Refuse(ModelProto model) => Packages.Refused(() => OnnxInspector.Inspect(model.Write(folder.File("m.onnx"))));
}
