using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Optimization.Training.Numerics;
using AiAssignments.Tests.Training;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Tests.Distillation;

public class ConvolutionNetworkTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    public void Its_gradients_are_those_of_its_loss(int first, int second)
    {
        var network = ConvolutionNetwork.Create(new ConvolutionNetworkOptions(2, 9, 7, [new(3, first), new(4, second)], 3), 1);

        // A step may pass a kink of ReLU or change a block's largest value: a few numeric gradients are off for that reason.
        Assert.True(GradientCheck.ShareOff(network, Image(2 * 9 * 7, 5), [1], 4e-3) <= 0.03);
    }

    [Fact]
    public void Its_graph_gives_its_logits()
    {
        var network = ConvolutionNetwork.Create(new ConvolutionNetworkOptions(3, 17, 20, [new(6), new(9, 1), new(16, 2)], 10), 2);
        var random = new SeededRandom(3);
        foreach (var parameter in network.Parameters.Where(parameter => !parameter.Decays))
        {
            parameter.Randomize(random, 0.5f);
        }

        float[][] images = [.. Enumerable.Range(0, 3).Select(i => Image(3 * 17 * 20, (ulong)i))];
        using var session = new InferenceSession(network.ToOnnx().ToByteArray());
        using var value = OrtValue.CreateTensorValueFromMemory(images.SelectMany(image => image).ToArray(), [3, 3, 17, 20]);
        using var outputs = session.Run(new RunOptions(), ["pixels"], [value], ["logits"]);
        var logits = outputs[0].GetTensorDataAsSpan<float>();
        for (var i = 0; i < images.Length; i++)
        {
            var expected = network.Predict(images[i]);
            for (var label = 0; label < 10; label++)
            {
                Assert.InRange(Math.Abs(expected[label] - logits[(i * 10) + label]), 0, 1e-5);
            }
        }
    }

    [Fact]
    public void It_counts_its_multiplications()
    {
        // 4 x 4 pixels x 3 filters x 9 taps x 2 channels, a quarter of the pixels x 5 x 9 x 3, and 5 x 2 logits.
        var network = ConvolutionNetwork.Create(new ConvolutionNetworkOptions(2, 4, 4, [new(3), new(5)], 2), 1);

        Assert.Equal((16 * 3 * 18) + (4 * 5 * 27) + 10, network.Multiplications);
    }

    [Fact]
    public void It_learns_a_toy_task_and_threads_change_nothing()
    {
        var (images, labels) = ToyTasks.Bars(240, 1);
        int[] all = [.. Enumerable.Range(0, 240)];
        var options = new ConvolutionNetworkOptions(1, 12, 12, [new(6), new(8, 1)], 2, 0.1f);
        var networks = new[] { 1, 2 }.Select(threads =>
        {
            var network = ConvolutionNetwork.Create(options, 1);
            var best = new Trainer<float[]>(network, new TrainingOptions { Epochs = 8, BatchSize = 20, LearningRate = 0.01, Threads = threads })
                .Train(images, new CrossEntropyLoss(labels), all[..200], all[200..]);
            Assert.True(best.ValidationAccuracy > 0.9, $"{best}");
            return network;
        }).ToList();

        Assert.All(networks[0].Parameters.Zip(networks[1].Parameters), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    private static float[] Image(int length, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextUniform(1))];
    }
}
