using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Layers;

/// <summary>Inverted dropout (Srivastava et al., 2014): the rest is scaled up while training, so that nothing is to be done afterwards.</summary>
internal static class Dropout
{
    /// <summary>Drops values in place and records each one's factor.</summary>
    public static void Apply(Span<float> values, Span<float> factors, float rate, SeededRandom? random)
    {
        if (random is null || rate <= 0)
        {
            factors.Fill(1);
            return;
        }

        var kept = 1 / (1 - rate);
        for (var i = 0; i < values.Length; i++)
        {
            factors[i] = random.NextSingle() < rate ? 0 : kept;
            values[i] *= factors[i];
        }
    }

    /// <summary>Multiplies gradients by the recorded factors.</summary>
    public static void Backward(ReadOnlySpan<float> factors, Span<float> gradients)
    {
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] *= factors[i];
        }
    }

    /// <summary>Copies ids that are not padding, each kept with probability 1 - <paramref name="rate"/>.</summary>
    /// <returns>Ids kept.</returns>
    public static int Select(ReadOnlySpan<int> ids, float rate, SeededRandom? random, Span<int> kept)
    {
        var count = 0;
        foreach (var id in ids)
        {
            if (id != 0 && (random is null || rate <= 0 || random.NextSingle() >= rate))
            {
                kept[count++] = id;
            }
        }

        return count;
    }
}
