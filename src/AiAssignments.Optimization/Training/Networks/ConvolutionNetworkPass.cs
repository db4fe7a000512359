using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

internal sealed class ConvolutionNetworkPass : NetworkPass<float[]>
{
    private readonly ConvolutionNetwork network;
    private readonly Step[] steps;
    private readonly float[] means;
    private readonly float[] meanGradient;
    private readonly float[] factors;
    private readonly float[] logits;

    public ConvolutionNetworkPass(ConvolutionNetwork network)
    {
        this.network = network;
        steps = [.. network.Layers.Select(layer => new Step(layer))];
        means = new float[network.Output.Inputs];
        meanGradient = new float[means.Length];
        factors = new float[means.Length];
        logits = new float[network.Labels];
    }

    public override ReadOnlySpan<float> Forward(float[] input, SeededRandom? dropout)
    {
        ReadOnlySpan<float> maps = input;
        foreach (var step in steps)
        {
            maps = step.Forward(maps);
        }

        MeanPooling.Forward(maps, maps.Length / means.Length, means);
        Dropout.Apply(means, factors, network.Options.Dropout, dropout);
        network.Output.Forward(means, logits, 1);
        return logits;
    }

    public override void Backward(float[] input, ReadOnlySpan<float> logitGradients, Gradients gradients)
    {
        network.Output.Backward(means, logitGradients, meanGradient, 1, gradients);
        Dropout.Backward(factors, meanGradient);
        var last = steps[^1].ResultGradient;
        MeanPooling.Backward(meanGradient, last.Length / means.Length, last);
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            steps[i].Backward(i > 0 ? steps[i - 1].ResultGradient : default, gradients);
        }
    }

    /// <summary>One layer's activations: convolution, ReLU, the input added where it is residual, pooling where it pools.</summary>
    private sealed class Step
    {
        private readonly ConvolutionLayer layer;
        private readonly ImageConvolution convolution;
        private readonly float[] patches;
        private readonly float[] maps;
        private readonly float[] mapGradient;
        private readonly float[] sums;
        private readonly float[] sumGradient;
        private readonly float[] result;
        private readonly int[] winners;

        public Step(ConvolutionLayer layer)
        {
            this.layer = layer;
            convolution = layer.Convolution;
            patches = new float[convolution.PatchLength];
            maps = new float[convolution.Filters * convolution.Pixels];
            mapGradient = new float[maps.Length];
            sums = layer.IsResidual ? new float[maps.Length] : maps;
            sumGradient = layer.IsResidual ? new float[maps.Length] : mapGradient;
            result = layer.Pools ? new float[convolution.Filters * (convolution.Height / 2) * (convolution.Width / 2)] : sums;
            winners = layer.Pools ? new int[result.Length] : [];
            ResultGradient = layer.Pools ? new float[result.Length] : sumGradient;
        }

        /// <summary>Gradient of what <see cref="Forward"/> gave.</summary>
        public float[] ResultGradient { get; }

        public ReadOnlySpan<float> Forward(ReadOnlySpan<float> input)
        {
            convolution.Forward(input, patches, maps);
            VectorKernels.Rectify(maps);
            if (layer.IsResidual)
            {
                maps.CopyTo(sums.AsSpan());
                VectorKernels.Add(input, sums);
            }

            if (layer.Pools)
            {
                MaxPooling.Forward(sums, convolution.Filters, convolution.Height, convolution.Width, result, winners);
            }

            return result;
        }

        public void Backward(Span<float> inputGradient, Gradients gradients)
        {
            if (layer.Pools)
            {
                MaxPooling.Backward(ResultGradient, winners, sumGradient);
            }

            if (layer.IsResidual)
            {
                sumGradient.CopyTo(mapGradient.AsSpan());
            }

            VectorKernels.MaskByActivation(maps, mapGradient);
            convolution.Backward(patches, mapGradient, inputGradient, gradients);
            if (layer.IsResidual)
            {
                VectorKernels.Add(sumGradient, inputGradient);
            }
        }
    }
}
