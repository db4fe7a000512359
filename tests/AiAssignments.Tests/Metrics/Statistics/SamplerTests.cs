using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Statistics;

namespace AiAssignments.Tests.Metrics.Statistics;

public sealed class SamplerTests
{
    [Fact]
    public void Generator_is_xoshiro256_starstar_seeded_by_splitmix64()
    {
        // First outputs for seed 0: SplitMix64's are in its authors' test data (e220a8397b1dcdaf, ...); the scrambler is then rotl(s1 * 5, 7) * 9.
        var random = new Xoshiro256(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.Next());
        Assert.Equal(0xBF6E1F784956452AUL, random.Next());
        Assert.Equal(0x1A5F849D4933E6E0UL, random.Next());
    }

    [Theory]
    [InlineData(7, 1, 3)]
    [InlineData(1, 5, 8)]
    [InlineData(40, 9, 10)]
    [InlineData(12, 1, 1000)]
    public void Binomial_draws_follow_the_distribution(int trials, long part, long whole)
    {
        const int Draws = 40_000;
        var random = new Xoshiro256(1);
        var seen = new double[trials + 1];
        for (var i = 0; i < Draws; i++)
        {
            seen[BinomialSampler.Draw(random, trials, part, whole)]++;
        }

        var p = (double)part / whole;
        var expected = new double[trials + 1];
        expected[0] = Math.Pow(1 - p, trials);
        for (var k = 1; k <= trials; k++)
        {
            expected[k] = expected[k - 1] * (trials - k + 1) / k * p / (1 - p);
        }

        // Pearson's statistic over cells with at least 10 expected; 4 standard deviations over its mean are not passed by chance here, the seed being fixed.
        var cells = Enumerable.Range(0, trials + 1).Where(k => expected[k] * Draws >= 10).ToList();
        var statistic = cells.Sum(k => Math.Pow(seen[k] - (expected[k] * Draws), 2) / (expected[k] * Draws));
        Assert.InRange(statistic, 0, cells.Count + (4 * Math.Sqrt(2.0 * cells.Count)));
    }

    [Fact]
    public void Multinomial_draws_keep_the_size_and_have_the_right_moments()
    {
        long[] weights = [50, 0, 7, 3, 3, 1, 36];
        var sampler = new MultinomialSampler(weights);
        var random = new Xoshiro256(3);
        var drawn = new long[weights.Length];
        var sums = new double[weights.Length];
        var products = 0.0;
        const int Draws = 20_000;
        for (var i = 0; i < Draws; i++)
        {
            sampler.Draw(random, drawn);
            Assert.Equal(100, drawn.Sum());
            products += (drawn[0] - 50.0) * (drawn[6] - 36.0);
            for (var j = 0; j < drawn.Length; j++)
            {
                sums[j] += drawn[j];
            }
        }

        for (var j = 0; j < weights.Length; j++)
        {
            var deviation = Math.Sqrt(weights[j] * (1 - (weights[j] / 100.0)) / Draws);
            Assert.InRange(sums[j] / Draws, weights[j] - (4 * deviation), weights[j] + (4 * deviation));
        }

        // The covariance of two cells is -n p q = -18.
        Assert.InRange(products / Draws, -19.5, -16.5);
    }

    [Fact]
    public void Sampler_of_many_equal_cells_is_not_deep()
    {
        var weights = Enumerable.Repeat(1L, 200_000).ToArray();
        var drawn = new long[weights.Length];
        new MultinomialSampler(weights).Draw(new Xoshiro256(5), drawn);
        Assert.Equal(200_000, drawn.Sum());

        // A share exp(-1) of the cells stays empty.
        Assert.InRange(drawn.Count(n => n == 0) / 200_000.0, 0.364, 0.372);
    }

    [Fact]
    public void Nothing_to_draw_from_draws_nothing()
    {
        var drawn = new long[] { 9, 9 };
        new MultinomialSampler([0, 0]).Draw(new Xoshiro256(1), drawn);
        Assert.Equal([0L, 0L], drawn);
    }
}
