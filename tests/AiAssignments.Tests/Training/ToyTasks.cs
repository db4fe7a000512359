using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Tests.Training;

/// <summary>Small made-up tasks that each network can learn.</summary>
internal static class ToyTasks
{
    /// <summary>Bags of ids whose label is which of two ids occurs more often.</summary>
    public static (int[][] Inputs, int[] Labels) Bags(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var inputs = new int[count][];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(2);
            inputs[i] = [.. Enumerable.Range(0, 9).Select(_ => 3 + random.NextInt(20)), 1 + labels[i], 1 + labels[i], 2 - labels[i]];
            random.Shuffle(inputs[i]);
        }

        return (inputs, labels);
    }

    /// <summary>Sentences of two ids a word; a word's label is whether the word before has id 1.</summary>
    public static (int[][] Inputs, int[][] Labels) Sentences(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var inputs = new int[count][];
        var labels = new int[count][];
        for (var i = 0; i < count; i++)
        {
            var words = 1 + random.NextInt(8);
            inputs[i] = [.. Enumerable.Range(0, words).SelectMany(_ => new[] { 1 + random.NextInt(3), 4 + random.NextInt(6) })];
            labels[i] = [.. Enumerable.Range(0, words).Select(word => word > 0 && inputs[i][(word - 1) * 2] == 1 ? 1 : 0)];
        }

        return (inputs, labels);
    }

    /// <summary>Noisy 12 x 12 images with a bright bar, lying or standing.</summary>
    public static (float[][] Inputs, int[] Labels) Bars(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var inputs = new float[count][];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(2);
            var image = inputs[i] = [.. Enumerable.Range(0, 144).Select(_ => random.NextUniform(0.5f))];
            var line = random.NextInt(12);
            for (var at = 0; at < 12; at++)
            {
                image[labels[i] == 0 ? (line * 12) + at : (at * 12) + line] += 1.5f;
            }
        }

        return (inputs, labels);
    }
}
