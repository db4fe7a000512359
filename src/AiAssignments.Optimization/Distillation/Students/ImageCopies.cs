using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>Mirrored and shifted copies of planar 8-bit images; copy 0 is the image itself. What a copy is depends on its seed and its number only.</summary>
/// <param name="flip">Copies are mirrored at random.</param>
/// <param name="shift">Largest shift as a share of width and height.</param>
/// <param name="seed">Of the random choice.</param>
public sealed class ImageCopies(bool flip, double shift, ulong seed)
{
    /// <summary>Writes a copy.</summary>
    /// <param name="planes">Samples, plane after plane (CHW).</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="record">Number of the image.</param>
    /// <param name="copy">Number of the copy, 0 or more.</param>
    /// <param name="target">As many samples.</param>
    /// <remarks>Shifts are drawn as shares of the size, so that an image and its reduction are shifted alike.</remarks>
    public void Write(ReadOnlySpan<byte> planes, int width, int height, int record, int copy, Span<byte> target)
    {
        if (copy == 0)
        {
            planes.CopyTo(target);
            return;
        }

        var random = new SeededRandom(seed, (ulong)record, (ulong)copy);
        var mirrored = random.NextSingle() < 0.5f && flip;
        var right = (int)MathF.Round(random.NextUniform((float)shift) * width);
        var down = (int)MathF.Round(random.NextUniform((float)shift) * height);
        Span<int> columns = width <= 1024 ? stackalloc int[width] : new int[width];
        for (var x = 0; x < width; x++)
        {
            var from = Reflect(x - right, width);
            columns[x] = mirrored ? width - 1 - from : from;
        }

        for (var row = 0; row < planes.Length / width; row++)
        {
            var plane = row / height;
            var source = planes.Slice(((plane * height) + Reflect((row % height) - down, height)) * width, width);
            var to = target.Slice(row * width, width);
            for (var x = 0; x < width; x++)
            {
                to[x] = source[columns[x]];
            }
        }
    }

    // -1 is 1 and size is size - 2; a shift is at most half of the size.
    private static int Reflect(int at, int size)
    {
        at = at < 0 ? -at : at;
        at = at >= size ? (2 * size) - 2 - at : at;
        return Math.Clamp(at, 0, size - 1);
    }
}
