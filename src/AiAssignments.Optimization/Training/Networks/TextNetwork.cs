using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

/// <summary>
/// Classifies a bag of ids: mean of their embeddings, a hidden ReLU layer if there is one, logits (Joulin et al., "Bag of Tricks for Efficient Text
/// Classification", 2017). Id 0 is padding and counts nothing.
/// </summary>
public sealed class TextNetwork : Network<int[]>
{
    private TextNetwork(TextNetworkOptions options, Parameter embeddings, DenseLayer? hidden, DenseLayer output)
        : base(options.Labels, hidden is null
            ? [embeddings, output.Weights, output.Bias]
            : [embeddings, hidden.Weights, hidden.Bias, output.Weights, output.Bias])
    {
        Options = options;
        Embeddings = embeddings;
        Hidden = hidden;
        Output = output;
    }

    /// <summary>Its sizes.</summary>
    public TextNetworkOptions Options { get; }

    /// <summary>The table of embeddings, buckets x dimensions.</summary>
    public Parameter Embeddings { get; }

    internal DenseLayer? Hidden { get; }

    internal DenseLayer Output { get; }

    /// <summary>A network with random weights.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static TextNetwork Create(TextNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        var random = new SeededRandom(seed);
        var embeddings = new Parameter("embeddings", options.Buckets, options.Dimensions, isSparse: true);
        embeddings.Randomize(random, 0.5f / MathF.Sqrt(options.Dimensions));
        var hidden = options.Hidden > 0 ? new DenseLayer("hidden", options.Dimensions, options.Hidden, random) : null;
        var output = new DenseLayer("output", options.Hidden > 0 ? options.Hidden : options.Dimensions, options.Labels, random);
        return new TextNetwork(options, embeddings, hidden, output);
    }

    /// <inheritdoc />
    public override int RowsOf(int[] input) => 1;

    /// <inheritdoc />
    public override NetworkPass<int[]> CreatePass() => new TextNetworkPass(this);
}
