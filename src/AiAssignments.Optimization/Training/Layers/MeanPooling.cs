using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Layers;

/// <summary>The mean of each map. CHW.</summary>
internal static class MeanPooling
{
    public static void Forward(ReadOnlySpan<float> maps, int pixels, Span<float> means)
    {
        for (var map = 0; map < means.Length; map++)
        {
            means[map] = VectorKernels.Sum(maps.Slice(map * pixels, pixels)) / pixels;
        }
    }

    public static void Backward(ReadOnlySpan<float> meanGradient, int pixels, Span<float> mapGradient)
    {
        for (var map = 0; map < meanGradient.Length; map++)
        {
            mapGradient.Slice(map * pixels, pixels).Fill(meanGradient[map] / pixels);
        }
    }
}
