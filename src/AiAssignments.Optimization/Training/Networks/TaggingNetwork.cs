using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

/// <summary>
/// Tags words: the sum of a word's embeddings, a convolution over neighbouring words with ReLU, logits a word (after Collobert et al., "Natural Language
/// Processing (Almost) from Scratch", 2011). An input is the ids of all words, a fixed number each, 0 being padding.
/// </summary>
public sealed class TaggingNetwork : Network<int[]>
{
    private TaggingNetwork(TaggingNetworkOptions options, Parameter embeddings, DenseLayer convolution, DenseLayer output)
        : base(options.Labels, [embeddings, convolution.Weights, convolution.Bias, output.Weights, output.Bias])
    {
        Options = options;
        Embeddings = embeddings;
        Convolution = convolution;
        Output = output;
    }

    /// <summary>Its sizes.</summary>
    public TaggingNetworkOptions Options { get; }

    /// <summary>The table of embeddings, buckets x dimensions.</summary>
    public Parameter Embeddings { get; }

    internal DenseLayer Convolution { get; }

    internal DenseLayer Output { get; }

    /// <summary>A network with random weights.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static TaggingNetwork Create(TaggingNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.WindowWords % 2 == 0)
        {
            throw new ArgumentException($"The window is {options.WindowWords} words; it needs an odd number.", nameof(options));
        }

        var random = new SeededRandom(seed);
        var embeddings = new Parameter("embeddings", options.Buckets, options.Dimensions, isSparse: true);
        embeddings.Randomize(random, 1f / MathF.Sqrt(options.Dimensions * options.IdsPerWord));
        return new TaggingNetwork(
            options,
            embeddings,
            new DenseLayer("convolution", options.WindowWords * options.Dimensions, options.Hidden, random),
            new DenseLayer("output", options.Hidden, options.Labels, random));
    }

    /// <inheritdoc />
    public override int RowsOf(int[] input) => input.Length / Options.IdsPerWord;

    /// <inheritdoc />
    public override NetworkPass<int[]> CreatePass() => new TaggingNetworkPass(this);
}
