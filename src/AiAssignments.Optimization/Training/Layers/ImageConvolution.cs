using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Layers;

/// <summary>A 3 x 3 convolution of step 1 with a border of zeros, as a matrix product over unfolded patches ("im2col", Chellapilla et al., 2006). CHW.</summary>
internal sealed class ImageConvolution
{
    private const int Side = 3;
    private const int Taps = Side * Side;

    public ImageConvolution(string name, int channels, int filters, int height, int width, SeededRandom random)
    {
        Channels = channels;
        Filters = filters;
        Height = height;
        Width = width;
        Weights = new Parameter($"{name}.weight", filters, channels * Taps);
        Bias = new Parameter($"{name}.bias", 1, filters, decays: false);
        Weights.Randomize(random, MathF.Sqrt(6f / (channels * Taps)));
    }

    public Parameter Weights { get; }

    public Parameter Bias { get; }

    public int Channels { get; }

    public int Filters { get; }

    public int Height { get; }

    public int Width { get; }

    public int Pixels => Height * Width;

    /// <summary>Length of the unfolded patches.</summary>
    public int PatchLength => Channels * Taps * Pixels;

    public void Forward(ReadOnlySpan<float> input, Span<float> patches, Span<float> output)
    {
        Unfold(input, patches);
        for (var filter = 0; filter < Filters; filter++)
        {
            output.Slice(filter * Pixels, Pixels).Fill(Bias.Values[filter]);
        }

        MatrixProduct.Add(Weights.Values, patches, output, Filters, Pixels, Channels * Taps);
    }

    /// <summary>Adds the parameters' gradients and, where there is room for it, sets the input's. The patches are overwritten then.</summary>
    public void Backward(Span<float> patches, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, Gradients gradients)
    {
        MatrixProduct.AddTransposedRight(outputGradient, patches, gradients.Dense(Weights), Filters, Channels * Taps, Pixels);
        var bias = gradients.Dense(Bias);
        for (var filter = 0; filter < Filters; filter++)
        {
            bias[filter] += VectorKernels.Sum(outputGradient.Slice(filter * Pixels, Pixels));
        }

        if (!inputGradient.IsEmpty)
        {
            patches.Clear();
            MatrixProduct.AddTransposedLeft(Weights.Values, outputGradient, patches, Channels * Taps, Pixels, Filters);
            Fold(patches, inputGradient);
        }
    }

    private void Unfold(ReadOnlySpan<float> input, Span<float> patches)
    {
        patches.Clear();
        for (var row = 0; row < Channels * Taps; row++)
        {
            for (var y = 0; y < Height; y++)
            {
                if (Overlap(row, y, out var source, out var target, out var length))
                {
                    input.Slice(source, length).CopyTo(patches.Slice(target, length));
                }
            }
        }
    }

    private void Fold(ReadOnlySpan<float> patches, Span<float> input)
    {
        input.Clear();
        for (var row = 0; row < Channels * Taps; row++)
        {
            for (var y = 0; y < Height; y++)
            {
                if (Overlap(row, y, out var source, out var target, out var length))
                {
                    VectorKernels.Add(patches.Slice(target, length), input.Slice(source, length));
                }
            }
        }
    }

    // Where the run of image row y that a tap sees begins in the image (source) and in the patches (target).
    private bool Overlap(int row, int y, out int source, out int target, out int length)
    {
        var channel = row / Taps;
        var down = (row % Taps / Side) - 1;
        var right = (row % Side) - 1;
        var left = Math.Max(0, -right);
        length = Width - Math.Abs(right);
        source = (channel * Pixels) + ((y + down) * Width) + left + right;
        target = (row * Pixels) + (y * Width) + left;
        return y + down >= 0 && y + down < Height;
    }
}
