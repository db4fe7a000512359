using System.Numerics;
using AiAssignments.Core.Randomness;

namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>
/// Exact draws from a binomial distribution with a rational probability, by integer operations alone, so that they are the same on every
/// machine. Each of the n trials compares a uniform number with the probability, bit by bit from the top; all trials still undecided share
/// one step, in which a popcount over random words tells how many have a 0. About n/32 random words a draw (the idea is in Farach-Colton
/// and Tsai 2015, "Exact sublinear binomial sampling").
/// </summary>
internal static class BinomialSampler
{
    /// <summary>Number of successes in <paramref name="trials"/> of probability <paramref name="part"/>/<paramref name="whole"/>.</summary>
    /// <param name="random">Source of bits.</param>
    /// <param name="trials">Trials, 0 or more.</param>
    /// <param name="part">Numerator, 0..whole.</param>
    /// <param name="whole">Denominator, 1..2^62.</param>
    public static long Draw(Xoshiro256 random, long trials, long part, long whole)
    {
        if (part == whole)
        {
            return trials;
        }

        var successes = 0L;
        var rest = part;
        while (trials > 0 && rest > 0)
        {
            // Long division yields the probability's binary digits without rounding.
            rest <<= 1;
            var zeros = Halve(random, trials);
            if (rest >= whole)
            {
                rest -= whole;
                successes += zeros;
                trials -= zeros;
            }
            else
            {
                trials = zeros;
            }
        }

        return successes;
    }

    private static long Halve(Xoshiro256 random, long trials)
    {
        var zeros = 0L;
        for (; trials >= 64; trials -= 64)
        {
            zeros += BitOperations.PopCount(random.Next());
        }

        return trials == 0 ? zeros : zeros + BitOperations.PopCount(random.Next() >> (int)(64 - trials));
    }
}
