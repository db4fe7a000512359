using AiAssignments.Onnx;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Optimization.Training.Numerics;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Tests.Training;

public class OnnxExportTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(0, false)]
    [InlineData(24, false)]
    [InlineData(24, true)]
    public void A_text_networks_graph_gives_its_logits(int hidden, bool half)
    {
        var network = TextNetwork.Create(new TextNetworkOptions(50, 12, hidden, 3), 1);
        Disturb(network, 2);
        if (half)
        {
            network.Embeddings.RoundToHalf();
        }

        int[][] inputs = [[1, 2, 3], [49], [7, 7, 7, 7, 8, 9, 30], []];
        using var session = Session(network.ToOnnx());
        var logits = RunIds(session, inputs, 7);

        for (var i = 0; i < inputs.Length; i++)
        {
            AssertClose(network.Predict(inputs[i]), logits.AsSpan(i * 3, 3));
        }
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, true)]
    public void A_tagging_networks_graph_gives_its_logits_whatever_the_padding(int window, bool half)
    {
        var network = TaggingNetwork.Create(new TaggingNetworkOptions(40, 3, 10, window, 14, 4), 1);
        Disturb(network, 3);
        if (half)
        {
            network.Embeddings.RoundToHalf();
        }

        int[][] inputs = [[1, 2, 3, 4, 5, 6], [39, 0, 0], [9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12, 0]];
        using var session = Session(network.ToOnnx());
        var logits = RunIds(session, inputs, 15);

        for (var i = 0; i < inputs.Length; i++)
        {
            AssertClose(network.Predict(inputs[i]), logits.AsSpan(i * 5 * 4, inputs[i].Length / 3 * 4));
        }
    }

    [Fact]
    public void An_image_networks_graph_gives_its_logits()
    {
        var network = ImageNetwork.Create(new ImageNetworkOptions(1, 28, 28, 5, 6, 11, 10), 1);
        Disturb(network, 4);
        var random = new SeededRandom(9);
        float[][] inputs = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 784).Select(_ => random.NextUniform(2)).ToArray())];
        using var session = Session(network.ToOnnx());
        using var value = OrtValue.CreateTensorValueFromMemory(inputs.SelectMany(image => image).ToArray(), [3, 1, 28, 28]);
        using var outputs = session.Run(new RunOptions(), ["pixels"], [value], ["logits"]);
        var logits = outputs[0].GetTensorDataAsSpan<float>();

        for (var i = 0; i < inputs.Length; i++)
        {
            AssertClose(network.Predict(inputs[i]), logits.Slice(i * 10, 10));
        }
    }

    [Fact]
    public void A_rounded_table_takes_half_the_bytes()
    {
        var network = TextNetwork.Create(new TextNetworkOptions(5000, 16, 0, 2), 1);
        var full = network.ToOnnx().CalculateSize();
        network.Embeddings.RoundToHalf();

        Assert.InRange(network.ToOnnx().CalculateSize(), full * 0.49, full * 0.52);
    }

    private static void Disturb<TInput>(Network<TInput> network, ulong seed)
    {
        // Biases begin as zeros, which would hide a wrong one.
        var random = new SeededRandom(seed);
        foreach (var parameter in network.Parameters.Where(parameter => !parameter.Decays))
        {
            parameter.Randomize(random, 0.5f);
        }
    }

    private static InferenceSession Session(ModelProto model) => new(model.ToByteArray());

    private static float[] RunIds(InferenceSession session, int[][] inputs, int length)
    {
        var ids = new long[inputs.Length * length];
        for (var i = 0; i < inputs.Length; i++)
        {
            for (var j = 0; j < inputs[i].Length; j++)
            {
                ids[(i * length) + j] = inputs[i][j];
            }
        }

        using var value = OrtValue.CreateTensorValueFromMemory(ids, [inputs.Length, length]);
        using var outputs = session.Run(new RunOptions(), ["input_ids"], [value], ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, Tolerance);
        }
    }
}
