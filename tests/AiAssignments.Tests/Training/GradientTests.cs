using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Tests.Training;

public class GradientTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 2)]
    [InlineData(20, 4)]
    public void A_text_networks_gradients_are_those_of_its_loss(int hidden, int seed)
    {
        var network = TextNetwork.Create(new TextNetworkOptions(12, 10, hidden, 3), (ulong)seed);

        Assert.True(GradientCheck.ShareOff(network, [1, 5, 5, 11, 0, 0, 3], [2]) <= 0.01);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void A_tagging_networks_gradients_are_those_of_its_loss(int window, int seed)
    {
        var network = TaggingNetwork.Create(new TaggingNetworkOptions(15, 3, 9, window, 17, 4), (ulong)seed);

        Assert.True(GradientCheck.ShareOff(network, [1, 5, 0, 2, 5, 7, 14, 13, 12, 3, 3, 0], [0, 3, 1, 1]) <= 0.02);
    }

    [Fact]
    public void An_image_networks_gradients_are_those_of_its_loss()
    {
        // 9 x 10 pixels: odd sizes on the way, where pooling leaves out the last row.
        var network = ImageNetwork.Create(new ImageNetworkOptions(2, 9, 10, 3, 4, 6, 3), 1);
        var random = new SeededRandom(5);
        var image = new float[2 * 9 * 10];
        for (var i = 0; i < image.Length; i++)
        {
            image[i] = random.NextUniform(1);
        }

        // A step may pass a kink of ReLU or change a block's largest value: a few of some 400 numeric gradients are off for that reason.
        Assert.True(GradientCheck.ShareOff(network, image, [1], 4e-3) <= 0.03);
    }

    [Fact]
    public void Cross_entropys_gradient_is_that_of_its_value_with_smoothing_too()
    {
        var loss = new CrossEntropyLoss([2], smoothing: 0.1);
        float[] logits = [0.3f, -1.2f, 2f, 0.1f];
        var gradient = new float[4];
        loss.Evaluate(0, 0, logits, gradient);

        for (var i = 0; i < logits.Length; i++)
        {
            float[] above = [.. logits];
            float[] below = [.. logits];
            above[i] += 1e-2f;
            below[i] -= 1e-2f;
            var numeric = (loss.Evaluate(0, 0, above, new float[4]) - loss.Evaluate(0, 0, below, new float[4])) / (above[i] - below[i]);
            Assert.Equal(numeric, gradient[i], 4);
        }
    }

    [Fact]
    public void Cross_entropy_of_large_logits_is_finite()
    {
        var gradient = new float[2];
        var value = new CrossEntropyLoss([1]).Evaluate(0, 0, [500f, -500f], gradient);

        Assert.Equal(1000, value, 9);
        Assert.Equal([1f, -1f], gradient);
    }
}
