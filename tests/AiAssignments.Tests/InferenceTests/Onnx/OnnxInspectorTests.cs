using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Inspection;
using AiAssignments.Onnx.Shapes;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.InferenceTests.Onnx;

public sealed class OnnxInspectorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_inputs_outputs_and_size()
    {
        var model = TinyGraphs.Text(3, batch: 2);
        var path = model.Write(folder.File("m.onnx"));

        var signature = OnnxInspector.Inspect(path);

        Assert.Equal(["input_ids: int64 [2, sequence]", "attention_mask: int64 [2, sequence]"], signature.Inputs.Select(input => input.ToString()));
        Assert.Equal("logits: float [2, 3]", Assert.Single(signature.Outputs).ToString());
        Assert.Equal(17, signature.Opset);
        Assert.Equal(8, signature.IrVersion);
        Assert.Equal(TinyGraphs.Vocabulary * 3, signature.Parameters);
        Assert.Equal(new FileInfo(path).Length, signature.SizeBytes);
        Assert.Equal(model.Graph.Node.Count, signature.Nodes);
    }

    [Fact]
    public void Counts_the_parameters_of_a_bert_shape()
    {
        // By hand for 1 layer, hidden 8, intermediate 16, vocabulary 50, 12 positions, 3 labels: embeddings 8 * (50 + 2 + 12) + 16;
        // layer 4 * (64 + 8) + (128 + 16) + (128 + 8) + 2 * 16; pooler 72; classifier 27; five scalars of the graph.
        var path = BertShape.Build(new(1, 8, 2, 16, 50, 12, 3), 1).Write(folder.File("m.onnx"));

        Assert.Equal(528 + 288 + 144 + 136 + 32 + 72 + 27 + 5, OnnxInspector.Inspect(path).Parameters);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS")]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("PK\u0003\u0004zzzz", "zip")]
    [InlineData("{\"a\": 1}", "JSON")]
    [InlineData("GGUF\u0003", "GGUF")]
    [InlineData("this is only some text that somebody wrote down", "text")]
    public void Says_what_another_file_is(string content, string named)
    {
        File.WriteAllText(folder.File("m.onnx"), content);

        var problem = Refuse();

        Assert.Equal("onnx-not-a-model", problem.Code);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var bytes = TinyGraphs.Text().ToByteArray();
        foreach (var length in Enumerable.Range(0, bytes.Length))
        {
            File.WriteAllBytes(folder.File("m.onnx"), bytes[..length]);
            Assert.Contains(Refuse().Code, (string[])["onnx-broken", "onnx-not-a-model"]);
        }
    }

    [Fact]
    public void A_changed_byte_never_ends_in_another_error_than_a_problem()
    {
        var bytes = TinyGraphs.Text().ToByteArray();
        var random = new Random(5);
        for (var i = 0; i < 3000; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder.File("m.onnx"), changed);
            try
            {
                OnnxInspector.Inspect(folder.File("m.onnx"));
            }
            catch (ProblemException problem)
            {
                Assert.StartsWith("onnx-", problem.Problem.Code, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new long[] { 1L << 32, 1L << 32 })]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { 3 })]
    public void A_tensor_that_declares_other_than_the_file_holds_is_refused(long[] dims)
    {
        var model = TinyGraphs.Text();
        var tensor = model.Graph.Initializer[0];
        tensor.Dims.Clear();
        tensor.Dims.Add(dims);
        Write(model);

        Assert.Equal("onnx-tensor-size", Refuse().Code);
    }

    [Fact]
    public void Sizes_of_listed_values_are_checked_too()
    {
        var model = TinyGraphs.Text();
        var tensor = new TensorProto { Name = "listed", DataType = (int)DataType.Float };
        tensor.Dims.Add(1L << 40);
        tensor.FloatData.Add([1f, 2f]);
        model.Graph.Initializer.Add(tensor);
        Write(model);
        Assert.Equal("onnx-tensor-size", Refuse().Code);

        tensor.Dims[0] = 2;
        Write(model);
        OnnxInspector.Inspect(folder.File("m.onnx"));
    }

    [Fact]
    public void An_input_of_absurd_fixed_size_is_refused()
    {
        Write(TinyGraphs.Text(batch: 1L << 20, length: 1L << 20));

        Assert.Equal("onnx-tensor-size", Refuse().Code);
    }

    [Fact]
    public void A_sparse_tensor_that_grows_is_refused()
    {
        var model = TinyGraphs.Text();
        var sparse = new SparseTensorProto { Values = Tensor("v", DataType.Float, new byte[4], 1), Indices = Tensor("i", DataType.Int64, new byte[8], 1) };
        sparse.Dims.Add(1L << 34);
        model.Graph.SparseInitializer.Add(sparse);
        Write(model);

        Assert.Equal("onnx-tensor-size", Refuse().Code);
    }

    [Fact]
    public void Custom_operators_are_named()
    {
        var model = TinyGraphs.Text();
        model.Graph.Node[0].Domain = "com.evil";
        model.Graph.Node[0].OpType = "RunShell";
        Write(model);

        var problem = Refuse();

        Assert.Equal("onnx-custom-operator", problem.Code);
        Assert.Contains("com.evil:RunShell", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_for_a_vendors_compiler_is_refused()
    {
        var model = TinyGraphs.Text();
        model.Graph.Node[0].Domain = "com.microsoft";
        model.Graph.Node[0].OpType = "EPContext";
        Write(model);

        var problem = Refuse();

        Assert.Equal("onnx-custom-operator", problem.Code);
        Assert.Contains("com.microsoft:EPContext", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_bounded_one_by_one_and_together()
    {
        void Breaks(Action<GraphProto> change)
        {
            var model = TinyGraphs.Text();
            change(model.Graph);
            Write(model);
            Assert.Equal("onnx-broken", Refuse().Code);
        }

        Breaks(graph => graph.Node[0].OpType = new('a', 257));
        Breaks(graph => graph.Node[0].Domain = new('a', 257));
        Breaks(graph => graph.Input[0].Name = new('a', 1025));
        Breaks(graph => graph.Initializer[0].Name = new('a', 1025));
        Breaks(graph => graph.Initializer[0].ExternalData.Add(Enumerable.Range(0, 17).Select(i => new StringStringEntryProto { Key = $"{i}" })));

        var many = TinyGraphs.Text();
        many.Graph.Initializer.Add(Enumerable.Range(0, 1000).Select(i => Tensor($"{i}", DataType.Float, [0, 0, 0, 0], 1)));
        Write(many);
        OnnxInspector.Inspect(folder.File("m.onnx"));
        Assert.Equal("onnx-too-large", Packages.Refused(() => OnnxInspector.Inspect(folder.File("m.onnx"), new() { KeptBytes = 1 << 16 })).Code);
    }

    [Fact]
    public void Custom_operators_hidden_in_subgraphs_are_found()
    {
        var model = TinyGraphs.Text();
        var body = new GraphProto { Name = "body" };
        body.Node.Add(new NodeProto { OpType = "Hidden", Domain = "com.evil" });
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        Write(model);

        Assert.Contains("com.evil:Hidden", Refuse().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var body = new GraphProto { Name = "leaf" };
        for (var i = 0; i < 40; i++)
        {
            var outer = new GraphProto { Name = "body" };
            var node = new NodeProto { OpType = "If" };
            node.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = body });
            outer.Node.Add(node);
            body = outer;
        }

        var model = TinyGraphs.Text();
        model.Graph.Node.Add(body.Node[0]);
        Write(model);

        Assert.Equal("onnx-too-deep", Refuse().Code);
    }

    [Fact]
    public void Own_functions_are_taken_and_their_explosion_is_refused()
    {
        var model = TinyGraphs.Text();
        for (var i = 0; i < 12; i++)
        {
            var function = new FunctionProto { Name = $"f{i}", Domain = "own" };
            for (var j = 0; j < 8; j++)
            {
                function.Node.Add(i == 0 ? new NodeProto { OpType = "Neg" } : new NodeProto { OpType = $"f{i - 1}", Domain = "own" });
            }

            model.Functions.Add(function);
        }

        var call = new NodeProto { OpType = "f2", Domain = "own" };
        model.Graph.Node.Add(call);
        Write(model);
        Assert.Equal(model.Graph.Node.Count - 1 + 512, OnnxInspector.Inspect(folder.File("m.onnx")).Nodes);

        call.OpType = "f11";
        Write(model);
        Assert.Equal("onnx-too-large", Refuse().Code);

        model.Functions[0].Node[0] = new NodeProto { OpType = "f0", Domain = "own" };
        call.OpType = "f0";
        Write(model);
        Assert.Equal("onnx-function", Refuse().Code);
    }

    [Fact]
    public void Two_graphs_that_would_be_merged_are_refused()
    {
        var bytes = TinyGraphs.Text().ToByteArray();
        File.WriteAllBytes(folder.File("m.onnx"), [.. bytes, .. new ModelProto { Graph = new GraphProto { Name = "second" } }.ToByteArray()]);

        Assert.Equal("onnx-broken", Refuse().Code);
    }

    [Fact]
    public void Text_after_the_model_is_refused()
    {
        File.WriteAllBytes(folder.File("m.onnx"), [.. TinyGraphs.Text().ToByteArray(), .. Encoding.ASCII.GetBytes("trailing")]);

        Assert.Equal("onnx-broken", Refuse().Code);
    }

    private static TensorProto Tensor(string name, DataType type, byte[] bytes, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(dims);
        return tensor;
    }

    private void Write(ModelProto model) => model.Write(folder.File("m.onnx"));

    private Problem Refuse() => Packages.Refused(() => OnnxInspector.Inspect(folder.File("m.onnx")));
}
