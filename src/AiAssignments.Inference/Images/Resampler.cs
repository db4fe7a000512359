namespace AiAssignments.Inference.Images;

/// <summary>
/// Resizes as PIL does (and so torchvision and transformers on PIL images): separable convolution, the filter widened when shrinking, 8 bits between the
/// passes, coefficients in 22-bit fixed point. Can make only a window of the resized image, so that a crop costs no more than it shows.
/// </summary>
internal static class Resampler
{
    private const int Precision = 22;

    /// <param name="source">The image.</param>
    /// <param name="filter"><c>nearest</c>, <c>bilinear</c> or <c>bicubic</c>.</param>
    /// <param name="full">Size of the whole resized image.</param>
    /// <param name="left">First column wanted of it.</param>
    /// <param name="top">First row wanted of it.</param>
    /// <param name="width">Columns wanted.</param>
    /// <param name="height">Rows wanted.</param>
    public static Pixels Resize(Pixels source, string filter, (int Width, int Height) full, int left, int top, int width, int height)
    {
        var columns = Taps(source.Width, full.Width, left, width, filter);
        var rows = Taps(source.Height, full.Height, top, height, filter);
        var firstRow = rows.Min(row => row.First);
        var lastRow = rows.Max(row => row.First + row.Weights.Length);
        var channels = source.Channels;
        var middle = new byte[(lastRow - firstRow) * width * channels];
        for (var y = firstRow; y < lastRow; y++)
        {
            var input = source.Samples.AsSpan(y * source.Width * channels, source.Width * channels);
            var output = middle.AsSpan((y - firstRow) * width * channels, width * channels);
            for (var x = 0; x < width; x++)
            {
                var (first, weights) = columns[x];
                for (var c = 0; c < channels; c++)
                {
                    output[(x * channels) + c] = Convolve(input, (first * channels) + c, channels, weights);
                }
            }
        }

        var result = new byte[height * width * channels];
        for (var y = 0; y < height; y++)
        {
            var (first, weights) = rows[y];
            for (var x = 0; x < width * channels; x++)
            {
                result[(y * width * channels) + x] = Convolve(middle, ((first - firstRow) * width * channels) + x, width * channels, weights);
            }
        }

        return new(width, height, channels, result);
    }

    private static byte Convolve(ReadOnlySpan<byte> samples, int start, int step, int[] weights)
    {
        var sum = 1L << (Precision - 1);
        foreach (var weight in weights)
        {
            sum += (long)samples[start] * weight;
            start += step;
        }

        return (byte)Math.Clamp(sum >> Precision, 0, 255);
    }

    private static (int First, int[] Weights)[] Taps(int from, int to, int offset, int count, string filter)
    {
        var scale = (double)from / to;
        var wide = Math.Max(scale, 1);
        var support = (filter == "bicubic" ? 2.0 : 1.0) * wide;
        var taps = new (int, int[])[count];
        for (var i = 0; i < count; i++)
        {
            var center = (offset + i + 0.5) * scale;
            if (filter == "nearest" || from == to)
            {
                taps[i] = (Math.Min((int)center, from - 1), [1 << Precision]);
                continue;
            }

            var first = Math.Max(0, (int)(center - support + 0.5));
            var end = Math.Min(from, (int)(center + support + 0.5));
            var weights = new double[end - first];
            for (var x = 0; x < weights.Length; x++)
            {
                var distance = Math.Abs((x + first - center + 0.5) / wide);
                weights[x] = filter == "bicubic" ? Cubic(distance) : Math.Max(0, 1 - distance);
            }

            var sum = weights.Sum();
            taps[i] = (first, Array.ConvertAll(weights, weight => (int)Math.Round(weight / sum * (1 << Precision), MidpointRounding.AwayFromZero)));
        }

        return taps;
    }

    // Keys' kernel with a = -0.5.
    private static double Cubic(double x) =>
        x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1
        : x < 2 ? (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2
        : 0;
}
