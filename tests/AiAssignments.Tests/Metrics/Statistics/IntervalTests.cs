using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Statistics;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Statistics;

public sealed class IntervalTests
{
    [Property]
    public bool Wilson_holds_the_estimate_and_stays_in_bounds(NonNegativeInt successes, NonNegativeInt failures)
    {
        var count = (long)successes.Get + failures.Get;
        if (count == 0)
        {
            return WilsonInterval.Estimate(0, 0, 0.95).Value is null;
        }

        var estimate = WilsonInterval.Estimate(successes.Get, count, 0.95);
        return estimate.Lower >= 0 && estimate.Lower <= estimate.Value && estimate.Value <= estimate.Upper && estimate.Upper <= 1;
    }

    [Property]
    public bool McNemar_is_symmetric_and_a_probability(NonNegativeInt first, NonNegativeInt second)
    {
        var p = BinomialDistribution.McNemarExact(first.Get, second.Get);
        return p == BinomialDistribution.McNemarExact(second.Get, first.Get) && p is > 0 and <= 1;
    }

    [Property]
    public bool Newcombe_turns_round_with_the_models(NonNegativeInt both, NonNegativeInt onlyA, NonNegativeInt onlyB, PositiveInt neither)
    {
        var (lower, upper) = NewcombeInterval.Bounds(both.Get, onlyA.Get, onlyB.Get, neither.Get, 0.95);
        var turned = NewcombeInterval.Bounds(both.Get, onlyB.Get, onlyA.Get, neither.Get, 0.95);
        var difference = (double)(onlyB.Get - onlyA.Get) / (both.Get + onlyA.Get + onlyB.Get + neither.Get);
        return lower <= difference && difference <= upper && lower >= -1 && upper <= 1
            && Math.Abs(lower + turned.Upper) < 1e-12 && Math.Abs(upper + turned.Lower) < 1e-12;
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.97)]
    public void Wilson_covers_what_it_says(double truth)
    {
        var part = (long)(truth * 1000);
        var random = new Xoshiro256(11);
        var covered = 0;
        for (var i = 0; i < 4000; i++)
        {
            var successes = BinomialSampler.Draw(random, 200, part, 1000);
            var (lower, upper) = WilsonInterval.Bounds(successes, 200, 0.95);
            covered += lower <= truth && truth <= upper ? 1 : 0;
        }

        Assert.InRange(covered / 4000.0, 0.93, 0.98);
    }

    [Fact]
    public void Newcombe_and_McNemar_hold_their_levels()
    {
        // Both right 70 %, A alone 12 %, B alone 8 %, none 10 %: the true difference is -0.04. Under no difference, 10 % each.
        var random = new Xoshiro256(12);
        var real = new MultinomialSampler([210, 36, 24, 30]);
        var none = new MultinomialSampler([210, 30, 30, 30]);
        var drawn = new long[4];
        var (covered, rejected) = (0, 0);
        for (var i = 0; i < 4000; i++)
        {
            real.Draw(random, drawn);
            var (lower, upper) = NewcombeInterval.Bounds(drawn[0], drawn[1], drawn[2], drawn[3], 0.95);
            covered += lower <= -0.04 && -0.04 <= upper ? 1 : 0;
            none.Draw(random, drawn);
            rejected += BinomialDistribution.McNemarExact(drawn[1], drawn[2]) < 0.05 ? 1 : 0;
        }

        Assert.InRange(covered / 4000.0, 0.93, 0.98);
        Assert.InRange(rejected / 4000.0, 0.015, 0.055);
    }

    [Fact]
    public void Percentile_interval_is_numpys()
    {
        var sample = new BootstrapSample(4);
        foreach (var value in new double?[] { 3, 1, null, 2, double.NaN, 10 })
        {
            sample.Add(value);
        }

        // numpy.percentile([1, 2, 3, 10], [10, 90]) is [1.3, 7.9].
        var estimate = sample.Estimate(2.5, 0.8, "bootstrap");
        Assert.Equal(1.3, estimate.Lower!.Value, 1e-12);
        Assert.Equal(7.9, estimate.Upper!.Value, 1e-12);
        Assert.Equal(12, sample.Estimate(12, 0.8, "bootstrap").Upper);
    }
}
