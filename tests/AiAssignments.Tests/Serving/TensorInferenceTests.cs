using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Serving;
using AiAssignments.Inference.Serving.Tensors;
using AiAssignments.Onnx;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Serving.Support;
using AiAssignments.Tests.Support;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Serving;

public sealed class TensorInferenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rows_of_several_lengths_and_callers_share_batches_and_get_what_is_theirs()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)));
        var random = new Random(3);
        var asked = Enumerable.Range(0, 60).Select(_ => Ids(random.Next(1, 5), random.Next(1, 17), random)).ToList();

        var answers = await Task.WhenAll(asked.Select(one => Task.Run(() => InferAsync(server, one))));

        for (var i = 0; i < asked.Count; i++)
        {
            var logits = Floats(Assert.Single(answers[i].Outputs));
            Assert.Equal([asked[i].Rows, 3], answers[i].Outputs[0].Shape);
            for (var row = 0; row < asked[i].Rows; row++)
            {
                for (var label = 0; label < 3; label++)
                {
                    var expected = asked[i].Ids.Skip(row * asked[i].Length).Take(asked[i].Length).Sum(id => (double)TinyGraphs.Logit((int)id, label));
                    Assert.Equal(expected, logits[(row * 3) + label], 1e-4);
                }
            }
        }
    }

    [Fact]
    public async Task Memory_given_back_changes_no_answer_that_is_still_read()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)));
        var random = new Random(5);
        var held = new List<(ServedTensors Answer, float[] Read)>();
        for (var round = 0; round < 20; round++)
        {
            var asked = Enumerable.Range(0, 8).Select(_ => Ids(random.Next(1, 5), random.Next(1, 17), random)).ToList();
            var answers = await Task.WhenAll(asked.Select(one => Task.Run(() => InferAsync(server, one))));

            // One half is given back, twice over; what the other half says must stay.
            held.AddRange(answers.Where((_, i) => i % 2 == 0).Select(answer => (answer, Floats(answer.Outputs[0]))));
            foreach (var answer in answers.Where((_, i) => i % 2 == 1))
            {
                answer.Dispose();
                answer.Dispose();
            }
        }

        Assert.All(held, each => Assert.Equal(each.Read, Floats(each.Answer.Outputs[0])));
    }

    [Fact]
    public async Task Outputs_as_long_as_the_ids_are_cut_back()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 2)), lanes: 1);
        var random = new Random(4);
        var asked = Enumerable.Range(0, 40).Select(_ => Ids(1, random.Next(9, 13), random)).ToList();

        var answers = await Task.WhenAll(asked.Select(one => Task.Run(() => InferAsync(server, one))));

        for (var i = 0; i < asked.Count; i++)
        {
            Assert.Equal([1, asked[i].Length, 2], answers[i].Outputs[0].Shape);
            var logits = Floats(answers[i].Outputs[0]);
            for (var position = 0; position < asked[i].Length; position++)
            {
                Assert.Equal(TinyGraphs.Logit((int)asked[i].Ids[position], 0), logits[2 * position], 1e-5);
                Assert.Equal(0.1f * (position + 1), logits[(2 * position) + 1], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(null, 8)]
    public async Task Graphs_that_fix_their_sizes_run_what_fits_them(int? batch, int? length)
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(3, batch: batch, length: length), Packages.Card(ModelTask.TextClassification, 3)));

        var answer = await InferAsync(server, new(2, 8, [.. Enumerable.Range(3, 16).Select(id => (long)id)]));

        Assert.Equal(Enumerable.Range(11, 8).Sum(id => (double)TinyGraphs.Logit(id, 2)), Floats(answer.Outputs[0])[5], 1e-4);
        Assert.Equal("tensor-unfit", await RefusedAsync(InferAsync(server, new(3, 9, new long[27]))));
    }

    [Fact]
    public async Task Images_share_batches()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.ChannelMeans(), Packages.Card(ModelTask.ImageClassification, 3)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => server.InferAsync(
            "tiny", null, [new("pixels", DataType.Float, [1, 3, 4, 4], Bytes(Enumerable.Repeat((float)i, 48).ToArray()))], [], ServeOptions.Default, default))));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.All(Floats(answers[i].Outputs[0]), value => Assert.Equal(i * 10f, value, 1e-4));
        }
    }

    [Fact]
    public async Task Outputs_are_those_asked_for_in_their_order_and_one_without_rows_is_run_alone()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TwoOutputs(), Packages.Card(ModelTask.TextClassification, 3)));
        var ids = new Asked(2, 3, [3, 4, 5, 6, 7, 8]);

        var both = await InferAsync(server, ids, "total", "logits");
        var one = await InferAsync(server, ids, "logits");

        Assert.Equal(["total", "logits"], both.Outputs.Select(output => output.Name));
        Assert.Empty(both.Outputs[0].Shape);
        Assert.Equal(33L, MemoryMarshal.Cast<byte, long>(both.Outputs[0].Data.Span)[0]);
        Assert.Equal(Floats(both.Outputs[1]), Floats(Assert.Single(one.Outputs)));
        Assert.Equal("tensor-unfit", await RefusedAsync(InferAsync(server, ids, "nothing")));
        Assert.Equal("tensor-unfit", await RefusedAsync(InferAsync(server, ids, "logits", "logits")));
    }

    public static TheoryData<string, Func<Tensor, Tensor>> Hostile => new()
    {
        { "name", tensor => tensor with { Name = new string('x', 5000) } },
        { "twice", tensor => tensor with { Name = "attention_mask" } },
        { "type", tensor => tensor with { Type = DataType.Int32 } },
        { "string", tensor => tensor with { Type = DataType.String } },
        { "rank 0", tensor => tensor with { Shape = [] } },
        { "rank 3", tensor => tensor with { Shape = [1, 2, 1] } },
        { "negative", tensor => tensor with { Shape = [-1, -2] } },
        { "zero", tensor => tensor with { Shape = [0, 2], Data = default } },
        { "overflow", tensor => tensor with { Shape = [long.MaxValue, 2] } },
        { "product overflow", tensor => tensor with { Shape = [int.MaxValue, int.MaxValue] } },
        { "short", tensor => tensor with { Data = tensor.Data[1..] } },
        { "long", tensor => tensor with { Data = new byte[24] } },
        { "other rows", tensor => tensor with { Shape = [2, 1] } },
        { "too long", tensor => tensor with { Shape = [1, 17], Data = new byte[17 * 8] } },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Tensors_that_do_not_fit_are_refused_before_anything_runs(string what, Func<Tensor, Tensor> change)
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)));
        Tensor ids = new("input_ids", DataType.Int64, [1, 2], new byte[16]);

        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            server.InferAsync("tiny", null, [change(ids), ids with { Name = "attention_mask" }], [], ServeOptions.Default, default));

        Assert.True(refused.Problem.Code == "tensor-unfit", what);
        Assert.InRange(refused.Message.Length, 20, 600);
    }

    [Fact]
    public async Task A_missing_input_is_named()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)));

        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            server.InferAsync("tiny", null, [new("input_ids", DataType.Int64, [1, 2], new byte[16])], [], ServeOptions.Default, default));

        Assert.Contains("attention_mask", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_outside_of_the_vocabulary_fail_their_own_request_only()
    {
        await using var server = OnePackage.Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)), lanes: 1);
        var asked = Enumerable.Range(0, 24).Select(i => Task.Run(() => InferAsync(server, new(1, 2, [3, i % 8 == 1 ? 1L << 40 : 4])))).ToList();

        for (var i = 0; i < asked.Count; i++)
        {
            Assert.Equal(i % 8 == 1 ? "tensor-unfit" : null, await RefusedAsync(asked[i]));
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => InferAsync(server, new(1, 2, [3, 9999])));
        Assert.Equal($"A tensor does not fit the model: one of its values is 9999, and the model knows 0 to {TinyGraphs.Vocabulary - 1}.", refused.Problem.Message);
        Assert.Null(refused.Problem.Where);
    }

    [Theory]
    [InlineData("Non-zero status code returned while running Gather node. Name:'/e/Gather' Status Message: indices element out of data bounds, idx=-40 must be within the inclusive range [-30,29]", "one of its values is -40, and the model knows 0 to 29")]
    [InlineData("EmbedLayerNormalization: input index out of range", "one of its values is none that the model knows")]
    [InlineData("Non-zero status code returned while running MatMul node. Name:'/a/MatMul' Status Message: left operand cannot broadcast", null)]
    public void Only_values_that_the_graph_does_not_know_are_the_caller_s_mistake(string message, string? said) => Assert.Equal(said, UnknownId.Read(message));

    private static Task<ServedTensors> InferAsync(ModelServer server, Asked asked, params string[] outputs) => server.InferAsync(
        "tiny",
        null,
        [
            new("attention_mask", DataType.Int64, [asked.Rows, asked.Length], Bytes(Enumerable.Repeat(1L, asked.Ids.Length).ToArray())),
            new("input_ids", DataType.Int64, [asked.Rows, asked.Length], Bytes(asked.Ids)),
        ],
        outputs,
        ServeOptions.Default,
        default);

    private static async Task<string?> RefusedAsync(Task task) => (await Record.ExceptionAsync(() => task) as ProblemException)?.Problem.Code;

    private static Asked Ids(int rows, int length, Random random) => new(rows, length, [.. Enumerable.Range(0, rows * length).Select(_ => (long)random.Next(3, TinyGraphs.Vocabulary))]);

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();

    private static ModelProto TwoOutputs()
    {
        var graph = new GraphBuilder("two");
        graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        graph.Floats("weights", [1f, 2f, 3f], 1, 3);
        graph.Longs("axis", [1], 1);
        graph.Node("ReduceSum", ["input_ids"], "total", Attribute("keepdims", 0L));
        var sum = graph.Node("ReduceSum", ["input_ids", "axis"], null, Attribute("keepdims", 1L));
        graph.Node("MatMul", [graph.Node("Cast", [sum], null, Attribute("to", (long)DataType.Float)), "weights"], "logits");
        graph.Output("logits", DataType.Float, "batch", 3);
        graph.Output("total", DataType.Int64);
        return graph.Build();
    }

    private sealed record Asked(int Rows, int Length, long[] Ids);
}
