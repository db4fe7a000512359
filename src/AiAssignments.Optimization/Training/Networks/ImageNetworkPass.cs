using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

internal sealed class ImageNetworkPass : NetworkPass<float[]>
{
    private readonly ImageNetwork network;
    private readonly Stage first;
    private readonly Stage second;
    private readonly float[] hidden;
    private readonly float[] hiddenGradient;
    private readonly float[] factors;
    private readonly float[] logits;

    public ImageNetworkPass(ImageNetwork network)
    {
        this.network = network;
        first = new Stage(network.First);
        second = new Stage(network.Second);
        hidden = new float[network.Hidden.Outputs];
        hiddenGradient = new float[hidden.Length];
        factors = new float[hidden.Length];
        logits = new float[network.Labels];
    }

    public override ReadOnlySpan<float> Forward(float[] input, SeededRandom? dropout)
    {
        first.Forward(input);
        second.Forward(first.Pooled);
        network.Hidden.Forward(second.Pooled, hidden, 1);
        VectorKernels.Rectify(hidden);
        Dropout.Apply(hidden, factors, network.Options.Dropout, dropout);
        network.Output.Forward(hidden, logits, 1);
        return logits;
    }

    public override void Backward(float[] input, ReadOnlySpan<float> logitGradients, Gradients gradients)
    {
        network.Output.Backward(hidden, logitGradients, hiddenGradient, 1, gradients);
        Dropout.Backward(factors, hiddenGradient);
        VectorKernels.MaskByActivation(hidden, hiddenGradient);
        network.Hidden.Backward(second.Pooled, hiddenGradient, second.PooledGradient, 1, gradients);
        second.Backward(first.PooledGradient, gradients);
        first.Backward(default, gradients);
    }

    /// <summary>Convolution, ReLU, pooling.</summary>
    private sealed class Stage
    {
        private readonly ImageConvolution convolution;
        private readonly float[] patches;
        private readonly float[] maps;
        private readonly float[] mapGradient;
        private readonly int[] winners;

        public Stage(ImageConvolution convolution)
        {
            this.convolution = convolution;
            patches = new float[convolution.PatchLength];
            maps = new float[convolution.Filters * convolution.Pixels];
            mapGradient = new float[maps.Length];
            Pooled = new float[convolution.Filters * (convolution.Height / 2) * (convolution.Width / 2)];
            PooledGradient = new float[Pooled.Length];
            winners = new int[Pooled.Length];
        }

        public float[] Pooled { get; }

        public float[] PooledGradient { get; }

        public void Forward(ReadOnlySpan<float> input)
        {
            convolution.Forward(input, patches, maps);
            VectorKernels.Rectify(maps);
            MaxPooling.Forward(maps, convolution.Filters, convolution.Height, convolution.Width, Pooled, winners);
        }

        public void Backward(Span<float> inputGradient, Gradients gradients)
        {
            MaxPooling.Backward(PooledGradient, winners, mapGradient);
            VectorKernels.MaskByActivation(maps, mapGradient);
            convolution.Backward(patches, mapGradient, inputGradient, gradients);
        }
    }
}
