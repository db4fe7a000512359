using AiAssignments.Optimization.Training;

namespace AiAssignments.Tests.Training;

/// <summary>Compares exact gradients with central differences of the loss, at every parameter of a small network.</summary>
internal static class GradientCheck
{
    private const float Step = 4e-3f;

    /// <summary>The share of parameters whose two gradients differ by more than <paramref name="tolerance"/> (absolute plus relative).</summary>
    public static double ShareOff<TInput>(Network<TInput> network, TInput input, int[] labels, double tolerance = 2e-3)
    {
        var loss = new CrossEntropyLoss([labels]);
        var pass = network.CreatePass();
        var gradients = new Gradients(network.Parameters);
        var logits = pass.Forward(input, null);
        var logitGradients = new float[logits.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            loss.Evaluate(0, row, logits.Slice(row * network.Labels, network.Labels), logitGradients.AsSpan(row * network.Labels, network.Labels));
        }

        pass.Backward(input, logitGradients, gradients);

        var checkedCount = 0;
        var off = 0;
        foreach (var parameter in network.Parameters)
        {
            // Row 0 of a table is padding, which has no gradient.
            for (var i = parameter.IsSparse ? parameter.Columns : 0; i < parameter.Values.Length; i++)
            {
                var exact = parameter.IsSparse
                    ? gradients.Row(parameter, i / parameter.Columns)[i % parameter.Columns]
                    : gradients.Dense(parameter)[i];
                var value = parameter.Values[i];
                parameter.Values[i] = value + Step;
                var above = LossOf(network, pass, input, loss, labels.Length);
                parameter.Values[i] = value - Step;
                var below = LossOf(network, pass, input, loss, labels.Length);
                parameter.Values[i] = value;
                var numeric = (above - below) / (2 * Step);
                checkedCount++;
                off += Math.Abs(numeric - exact) > tolerance * (1 + Math.Abs(numeric)) ? 1 : 0;
            }
        }

        Assert.True(checkedCount > 0);
        return (double)off / checkedCount;
    }

    private static double LossOf<TInput>(Network<TInput> network, NetworkPass<TInput> pass, TInput input, CrossEntropyLoss loss, int rows)
    {
        var logits = pass.Forward(input, null);
        Span<float> ignored = stackalloc float[network.Labels];
        double sum = 0;
        for (var row = 0; row < rows; row++)
        {
            sum += loss.Evaluate(0, row, logits.Slice(row * network.Labels, network.Labels), ignored);
        }

        return sum;
    }
}
