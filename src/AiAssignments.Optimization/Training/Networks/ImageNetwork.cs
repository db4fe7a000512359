using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

/// <summary>
/// Classifies small images: twice a 3 x 3 convolution, ReLU and 2 x 2 max pooling, then a hidden ReLU layer and logits (the line of LeCun et al., 1998).
/// An input is the image's normalized samples, channel by channel (CHW).
/// </summary>
public sealed class ImageNetwork : Network<float[]>
{
    private ImageNetwork(ImageNetworkOptions options, ImageConvolution first, ImageConvolution second, DenseLayer hidden, DenseLayer output)
        : base(options.Labels, [first.Weights, first.Bias, second.Weights, second.Bias, hidden.Weights, hidden.Bias, output.Weights, output.Bias])
    {
        Options = options;
        First = first;
        Second = second;
        Hidden = hidden;
        Output = output;
    }

    /// <summary>Its sizes.</summary>
    public ImageNetworkOptions Options { get; }

    internal ImageConvolution First { get; }

    internal ImageConvolution Second { get; }

    internal DenseLayer Hidden { get; }

    internal DenseLayer Output { get; }

    /// <summary>A network with random weights.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static ImageNetwork Create(ImageNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Height, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Width, 4);
        var random = new SeededRandom(seed);
        var pooled = options.SecondFilters * (options.Height / 4) * (options.Width / 4);
        return new ImageNetwork(
            options,
            new ImageConvolution("first", options.Channels, options.FirstFilters, options.Height, options.Width, random),
            new ImageConvolution("second", options.FirstFilters, options.SecondFilters, options.Height / 2, options.Width / 2, random),
            new DenseLayer("hidden", pooled, options.Hidden, random),
            new DenseLayer("output", options.Hidden, options.Labels, random));
    }

    /// <inheritdoc />
    public override int RowsOf(float[] input) => 1;

    /// <inheritdoc />
    public override NetworkPass<float[]> CreatePass() => new ImageNetworkPass(this);
}
