using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

internal sealed class TextNetworkPass : NetworkPass<int[]>
{
    private readonly TextNetwork network;
    private readonly float[] mean;
    private readonly float[] meanGradient;
    private readonly float[] features;
    private readonly float[] featureGradient;
    private readonly float[] factors;
    private readonly float[] logits;
    private int[] kept = new int[256];
    private int keptCount;

    public TextNetworkPass(TextNetwork network)
    {
        this.network = network;
        mean = new float[network.Options.Dimensions];
        meanGradient = new float[mean.Length];
        features = network.Hidden is { } hidden ? new float[hidden.Outputs] : mean;
        featureGradient = network.Hidden is null ? meanGradient : new float[features.Length];
        factors = new float[features.Length];
        logits = new float[network.Labels];
    }

    public override ReadOnlySpan<float> Forward(int[] input, SeededRandom? dropout)
    {
        if (kept.Length < input.Length)
        {
            kept = new int[input.Length];
        }

        keptCount = Dropout.Select(input, network.Options.IdDropout, dropout, kept);
        mean.AsSpan().Clear();
        var scale = 1f / Math.Max(1, keptCount);
        foreach (var id in kept.AsSpan(0, keptCount))
        {
            VectorKernels.AddScaled(network.Embeddings.Values.AsSpan(id * mean.Length, mean.Length), scale, mean);
        }

        if (network.Hidden is { } hidden)
        {
            hidden.Forward(mean, features, 1);
            VectorKernels.Rectify(features);
        }

        Dropout.Apply(features, factors, network.Options.Dropout, dropout);
        network.Output.Forward(features, logits, 1);
        return logits;
    }

    public override void Backward(int[] input, ReadOnlySpan<float> logitGradients, Gradients gradients)
    {
        network.Output.Backward(features, logitGradients, featureGradient, 1, gradients);
        Dropout.Backward(factors, featureGradient);
        if (network.Hidden is { } hidden)
        {
            VectorKernels.MaskByActivation(features, featureGradient);
            hidden.Backward(mean, featureGradient, meanGradient, 1, gradients);
        }

        var rows = gradients.Sparse(network.Embeddings);
        var scale = 1f / Math.Max(1, keptCount);
        foreach (var id in kept.AsSpan(0, keptCount))
        {
            VectorKernels.AddScaled(meanGradient, scale, rows.Row(id));
        }
    }
}
