using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

/// <summary>
/// Classifies images: stages of 3 x 3 convolutions with 2 x 2 max pooling between them, the mean of each of the last maps (Lin et al., "Network In Network",
/// 2014), logits. An input is the image's normalized samples, channel by channel (CHW).
/// </summary>
public sealed class ConvolutionNetwork : Network<float[]>
{
    private ConvolutionNetwork(ConvolutionNetworkOptions options, IReadOnlyList<ConvolutionLayer> layers, DenseLayer output)
        : base(options.Labels, [.. layers.SelectMany(layer => new[] { layer.Convolution.Weights, layer.Convolution.Bias }), output.Weights, output.Bias])
    {
        Options = options;
        Layers = layers;
        Output = output;
    }

    /// <summary>Its sizes.</summary>
    public ConvolutionNetworkOptions Options { get; }

    /// <summary>Multiplications of one image's way forward.</summary>
    public long Multiplications =>
        Layers.Sum(layer => (long)layer.Convolution.Weights.Values.Length * layer.Convolution.Pixels) + Output.Weights.Values.Length;

    internal IReadOnlyList<ConvolutionLayer> Layers { get; }

    internal DenseLayer Output { get; }

    /// <summary>A network with random weights.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static ConvolutionNetwork Create(ConvolutionNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Stages.Count);
        var random = new SeededRandom(seed);
        var layers = new List<ConvolutionLayer>();
        var (channels, height, width) = (options.Channels, options.Height, options.Width);
        for (var stage = 0; stage < options.Stages.Count; stage++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(height, width), 1, nameof(options));
            var (filters, residual) = options.Stages[stage];
            var isLast = stage == options.Stages.Count - 1;
            for (var depth = 0; depth <= residual; depth++)
            {
                var convolution = new ImageConvolution($"stage{stage}.{depth}", channels, filters, height, width, random);
                layers.Add(new ConvolutionLayer(convolution, IsResidual: depth > 0, Pools: depth == residual && !isLast));
                channels = filters;
            }

            (height, width) = (height / 2, width / 2);
        }

        return new ConvolutionNetwork(options, layers, new DenseLayer("output", channels, options.Labels, random));
    }

    /// <inheritdoc />
    public override int RowsOf(float[] input) => 1;

    /// <inheritdoc />
    public override NetworkPass<float[]> CreatePass() => new ConvolutionNetworkPass(this);
}
