using AiAssignments.Core.Randomness;

namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>
/// Exact draws from a multinomial distribution with integer weights: what resampling records with replacement does to their counts.
/// The cells are split in two, again and again, near half of the weight, and each split is one binomial draw.
/// </summary>
internal sealed class MultinomialSampler
{
    private readonly int[] order;
    private readonly long[] prefix;

    /// <summary>Prepares the splits.</summary>
    /// <param name="weights">One weight a cell, none negative; the sum at most 2^62.</param>
    public MultinomialSampler(ReadOnlySpan<long> weights)
    {
        var cells = new List<int>(weights.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weights[i], nameof(weights));
            if (weights[i] > 0)
            {
                cells.Add(i);
            }
        }

        // Heavy cells first keeps the tree shallow where the draws are many; the index breaks ties, so the order is the data's alone.
        var copy = weights.ToArray();
        cells.Sort((a, b) => copy[a] != copy[b] ? copy[b].CompareTo(copy[a]) : a.CompareTo(b));
        order = [.. cells];
        prefix = new long[order.Length + 1];
        for (var i = 0; i < order.Length; i++)
        {
            prefix[i + 1] = checked(prefix[i] + copy[order[i]]);
        }
    }

    /// <summary>Sum of the weights: the size of a resample.</summary>
    public long Total => prefix[^1];

    /// <summary>Draws a resample of <see cref="Total"/> records.</summary>
    /// <param name="random">Source of bits.</param>
    /// <param name="counts">Receives the count of each cell, in the order of the weights.</param>
    public void Draw(Xoshiro256 random, Span<long> counts)
    {
        counts.Clear();
        if (order.Length > 0)
        {
            Draw(random, 0, order.Length, Total, counts);
        }
    }

    private void Draw(Xoshiro256 random, int start, int end, long trials, Span<long> counts)
    {
        while (trials > 0)
        {
            if (end - start == 1)
            {
                counts[order[start]] = trials;
                return;
            }

            var middle = Middle(start, end);
            var left = BinomialSampler.Draw(random, trials, prefix[middle] - prefix[start], prefix[end] - prefix[start]);
            Draw(random, start, middle, left, counts);
            trials -= left;
            start = middle;
        }
    }

    private int Middle(int start, int end)
    {
        var half = prefix[start] + ((prefix[end] - prefix[start]) / 2);
        var found = Array.BinarySearch(prefix, start + 1, end - start - 1, half);
        return found >= 0 ? found : Math.Clamp(~found, start + 1, end - 1);
    }
}
