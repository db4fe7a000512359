namespace AiAssignments.Optimization.Training.Layers;

/// <summary>The largest value of each 2 x 2 block; an odd last row or column is left out. The first of equals wins. CHW.</summary>
internal static class MaxPooling
{
    public static void Forward(ReadOnlySpan<float> input, int channels, int height, int width, Span<float> output, Span<int> winners)
    {
        var at = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var y = 0; y + 1 < height; y += 2)
            {
                var row = ((channel * height) + y) * width;
                for (var x = 0; x + 1 < width; x += 2)
                {
                    var best = row + x;
                    best = input[row + x + 1] > input[best] ? row + x + 1 : best;
                    best = input[row + width + x] > input[best] ? row + width + x : best;
                    best = input[row + width + x + 1] > input[best] ? row + width + x + 1 : best;
                    winners[at] = best;
                    output[at++] = input[best];
                }
            }
        }
    }

    public static void Backward(ReadOnlySpan<float> outputGradient, ReadOnlySpan<int> winners, Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (var i = 0; i < outputGradient.Length; i++)
        {
            inputGradient[winners[i]] += outputGradient[i];
        }
    }
}
