using AiAssignments.Optimization.Training.Layers;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Networks;

internal sealed class TaggingNetworkPass : NetworkPass<int[]>
{
    private readonly TaggingNetwork network;
    private readonly TaggingNetworkOptions options;
    private int[] kept = new int[1024];
    private int[] keptCounts = new int[64];
    private float[] words = [];
    private float[] windows = [];
    private float[] hidden = [];
    private float[] factors = [];
    private float[] logits = [];
    private float[] wordGradient = [];
    private float[] windowGradient = [];
    private float[] hiddenGradient = [];
    private int count;
    private float scale = 1;

    public TaggingNetworkPass(TaggingNetwork network)
    {
        this.network = network;
        options = network.Options;
    }

    public override ReadOnlySpan<float> Forward(int[] input, SeededRandom? dropout)
    {
        count = network.RowsOf(input);
        if (keptCounts.Length < count)
        {
            keptCounts = new int[count];
        }

        if (kept.Length < input.Length)
        {
            kept = new int[input.Length];
        }

        // What is left out is made up for, as in any inverted dropout.
        scale = dropout is null ? 1 : 1 / (1 - options.IdDropout);
        var size = options.Dimensions;
        var sums = Room(ref words, count * size);
        sums.Clear();
        for (var word = 0; word < count; word++)
        {
            var at = word * options.IdsPerWord;
            keptCounts[word] = Dropout.Select(input.AsSpan(at, options.IdsPerWord), options.IdDropout, dropout, kept.AsSpan(at));
            foreach (var id in kept.AsSpan(at, keptCounts[word]))
            {
                VectorKernels.AddScaled(network.Embeddings.Values.AsSpan(id * size, size), scale, sums.Slice(word * size, size));
            }
        }

        var unfolded = Room(ref windows, count * options.WindowWords * size);
        WordWindows.Unfold(sums, count, size, options.WindowWords, unfolded);
        var activations = Room(ref hidden, count * options.Hidden);
        network.Convolution.Forward(unfolded, activations, count);
        VectorKernels.Rectify(activations);
        Dropout.Apply(activations, Room(ref factors, activations.Length), options.Dropout, dropout);
        var result = Room(ref logits, count * options.Labels);
        network.Output.Forward(activations, result, count);
        return result;
    }

    public override void Backward(int[] input, ReadOnlySpan<float> logitGradients, Gradients gradients)
    {
        var size = options.Dimensions;
        var activations = hidden.AsSpan(0, count * options.Hidden);
        var activationGradient = Room(ref hiddenGradient, activations.Length);
        network.Output.Backward(activations, logitGradients, activationGradient, count, gradients);
        Dropout.Backward(factors, activationGradient);
        VectorKernels.MaskByActivation(activations, activationGradient);

        var unfolded = windows.AsSpan(0, count * options.WindowWords * size);
        var unfoldedGradient = Room(ref windowGradient, unfolded.Length);
        network.Convolution.Backward(unfolded, activationGradient, unfoldedGradient, count, gradients);
        var sumGradient = Room(ref wordGradient, count * size);
        WordWindows.Fold(unfoldedGradient, count, size, options.WindowWords, sumGradient);

        var rows = gradients.Sparse(network.Embeddings);
        for (var word = 0; word < count; word++)
        {
            foreach (var id in kept.AsSpan(word * options.IdsPerWord, keptCounts[word]))
            {
                VectorKernels.AddScaled(sumGradient.Slice(word * size, size), scale, rows.Row(id));
            }
        }
    }
}
