using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Layers;

/// <summary>Each word's vector beside those of its neighbours, zeros beyond the ends: a convolution over words is a dense layer on these rows.</summary>
internal static class WordWindows
{
    /// <summary>words x size to words x (width * size).</summary>
    public static void Unfold(ReadOnlySpan<float> words, int count, int size, int width, Span<float> windows)
    {
        for (var word = 0; word < count; word++)
        {
            for (var tap = 0; tap < width; tap++)
            {
                var neighbour = word + tap - (width / 2);
                var place = windows.Slice(((word * width) + tap) * size, size);
                if (neighbour < 0 || neighbour >= count)
                {
                    place.Clear();
                }
                else
                {
                    words.Slice(neighbour * size, size).CopyTo(place);
                }
            }
        }
    }

    /// <summary>The gradient's way back.</summary>
    public static void Fold(ReadOnlySpan<float> windows, int count, int size, int width, Span<float> words)
    {
        words.Clear();
        for (var word = 0; word < count; word++)
        {
            for (var tap = 0; tap < width; tap++)
            {
                var neighbour = word + tap - (width / 2);
                if (neighbour >= 0 && neighbour < count)
                {
                    VectorKernels.Add(windows.Slice(((word * width) + tap) * size, size), words.Slice(neighbour * size, size));
                }
            }
        }
    }
}
