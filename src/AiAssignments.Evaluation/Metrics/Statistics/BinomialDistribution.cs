namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>The binomial distribution with probability one half, which McNemar's test needs.</summary>
internal static class BinomialDistribution
{
    /// <summary>Probability of exactly <paramref name="k"/> heads in <paramref name="n"/> throws, by Loader's saddle-point expansion (2000, "Fast and accurate computation of binomial probabilities"): relative error about 1e-14 at any size.</summary>
    public static double FairProbability(long k, long n)
    {
        if (k < 0 || k > n)
        {
            return 0;
        }

        if (k == 0 || k == n)
        {
            return Math.Pow(2, -(double)n);
        }

        var half = n / 2.0;
        var exponent = StirlingError(n) - StirlingError(k) - StirlingError(n - k) - Deviance(k, half) - Deviance(n - k, half);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * k * (n - k)));
    }

    /// <summary>Probability of at most <paramref name="k"/> heads, summed from the largest term down until the rest cannot matter.</summary>
    public static double FairAtMost(long k, long n)
    {
        if (k < 0)
        {
            return 0;
        }

        if (2 * k >= n)
        {
            return 1 - FairAtMost(n - k - 1, n);
        }

        var ratio = 1.0;
        var sum = 0.0;
        for (var i = k; i >= 0 && ratio > 1e-18 * sum; i--)
        {
            sum += ratio;
            ratio *= i / (double)(n - i + 1);
        }

        return sum * FairProbability(k, n);
    }

    /// <summary>McNemar's exact test: two-sided p-value of <paramref name="first"/> against <paramref name="second"/> discordant pairs, each side being equally likely; 1 when there are none.</summary>
    public static double McNemarExact(long first, long second)
    {
        var fewer = Math.Min(first, second);
        var total = first + second;
        return total == 0 || 2 * fewer >= total - 1 ? 1 : Math.Min(1, 2 * FairAtMost(fewer, total));
    }

    // ln(n!) minus Stirling's approximation of it.
    private static double StirlingError(double n)
    {
        if (n <= 15)
        {
            var factorial = 1.0;
            for (var i = 2; i <= n; i++)
            {
                factorial *= i;
            }

            return Math.Log(factorial) - ((n + 0.5) * Math.Log(n)) + n - (0.5 * Math.Log(2 * Math.PI));
        }

        var square = n * n;
        return ((1 / 12.0) - (((1 / 360.0) - (((1 / 1260.0) - (((1 / 1680.0) - (1 / 1188.0 / square)) / square)) / square)) / square)) / n;
    }

    // x ln(x / mean) + mean - x, without cancellation where x is near the mean.
    private static double Deviance(double x, double mean)
    {
        if (Math.Abs(x - mean) >= 0.1 * (x + mean))
        {
            return (x * Math.Log(x / mean)) + mean - x;
        }

        var v = (x - mean) / (x + mean);
        var sum = (x - mean) * v;
        var term = 2 * x * v;
        for (var j = 1; j < 1000; j++)
        {
            term *= v * v;
            var next = sum + (term / ((2 * j) + 1));
            if (next == sum)
            {
                break;
            }

            sum = next;
        }

        return sum;
    }
}
