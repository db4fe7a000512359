using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Arrivals;
using FsCheck.Xunit;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>When requests are due: no clock, no chance but the seed's.</summary>
public sealed class ArrivalTests
{
    [Theory]
    [InlineData(20_000)]
    [InlineData(333)]
    [InlineData(0.5)]
    public void A_constant_rate_is_evenly_spaced_and_never_drifts(double rate)
    {
        var arrivals = new ProfileArrivals(RateProfile.Constant(rate));
        for (var i = 0; i < 100_000; i++)
        {
            Assert.True(arrivals.TryNext(out var ticks));
            Assert.Equal((long)Math.Round(i / rate * TimeSpan.TicksPerSecond), ticks);
        }
    }

    [Fact]
    public void A_ramp_has_as_many_requests_as_the_area_under_it()
    {
        // From 100 to 300 a second in 10 s: 200 a second on average, 125 in the first second... of which the integral is 100 t + 10 t².
        var profile = RateProfile.Ramp(100, 300, TimeSpan.FromSeconds(10));
        var times = Until(new ProfileArrivals(profile), 12);
        Assert.Equal(110, times.Count(time => time < 1));
        Assert.Equal(750, times.Count(time => time < 5));
        Assert.Equal(2_000, times.Count(time => time < 10));
        Assert.Equal(2_600, times.Count);
        Assert.Equal(2_300, profile.Integral(11), 9);
    }

    [Fact]
    public void A_ramp_from_nothing_begins()
    {
        // 5 t² requests after t seconds: the n-th (from 0) at the root of n / 5.
        var times = Until(new ProfileArrivals(RateProfile.Ramp(0, 100, TimeSpan.FromSeconds(10))), 10);
        Assert.Equal(500, times.Count);
        Assert.Equal(0, times[0]);
        Assert.Equal(Math.Sqrt(1 / 5.0), times[1], 6);
        Assert.Equal(Math.Sqrt(320 / 5.0), times[320], 6);
    }

    [Fact]
    public void A_spike_is_where_it_was_asked_for()
    {
        var times = Until(new ProfileArrivals(RateProfile.Spike(10, 1_000, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2))), 10);
        Assert.Equal(30, times.Count(time => time < 3));
        Assert.Equal(2_000, times.Count(time => time is >= 3 and < 5));
        Assert.Equal(50, times.Count(time => time >= 5));
    }

    [Fact]
    public void A_warm_up_climbs_to_the_first_rate_and_stays_there()
    {
        var profile = RateProfile.Ramp(100, 300, TimeSpan.FromSeconds(10)).After(TimeSpan.FromSeconds(3));
        var times = Until(new ProfileArrivals(profile), 4);

        // 1.5 s from 10 to 100 a second are 82.5, 1.5 s at 100 are 150.
        Assert.Equal(233, times.Count(time => time < 3));
        Assert.Equal(110, times.Count(time => time >= 3));
        Assert.Equal(1, RateProfile.Ramp(0, 100, TimeSpan.FromSeconds(1)).After(TimeSpan.FromSeconds(1)).First);
        Assert.Equal(3, RateProfile.Constant(100).After(TimeSpan.FromSeconds(1)).Segments.Count);
    }

    [Property(MaxTest = 50)]
    public bool The_number_of_arrivals_is_the_integral_of_any_profile(byte from, byte to, byte spike, byte at)
    {
        var seconds = 1 + (at % 7);
        var profile = from % 2 == 0
            ? RateProfile.Ramp(from, to + 1, TimeSpan.FromSeconds(seconds))
            : RateProfile.Spike(from, spike + 1, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1.5));
        var times = Until(new ProfileArrivals(profile), 10);

        // The n-th is due when the integral reaches n, the first of all at 0.
        return Enumerable.Range(1, 10).All(second => Math.Abs(times.Count(time => time < second) - Math.Ceiling(profile.Integral(second) - 1e-6)) <= 1)
            && times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second);
    }

    [Fact]
    public void Poisson_arrivals_have_the_mean_and_the_variance_of_theirs()
    {
        // 200,000 gaps of mean 1 ms: the standard error of their mean is 1/√200000 = 0.22 %, of their variance √(8/200000) = 0.63 %. Five of them is never by chance.
        const int Count = 200_000;
        var arrivals = new ProfileArrivals(RateProfile.Constant(1_000), 42);
        var times = Enumerable.Range(0, Count + 1).Select(_ => arrivals.TryNext(out var ticks) ? (double)ticks / TimeSpan.TicksPerMillisecond : throw new InvalidOperationException()).ToList();
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        var mean = gaps.Average();
        Assert.InRange(mean, 1 - 0.011, 1 + 0.011);
        Assert.InRange(gaps.Sum(gap => (gap - mean) * (gap - mean)) / Count, 1 - 0.0315, 1 + 0.0315);

        // Exponential: a share of 1/e of the gaps is longer than the mean; and counts of disjoint stretches are as spread as they are large.
        Assert.InRange(gaps.Count(gap => gap > 1) / (double)Count, 0.3679 - 0.0054, 0.3679 + 0.0054);
        var counts = times.GroupBy(time => (int)(time / 100)).Select(group => (double)group.Count()).SkipLast(1).ToList();
        var average = counts.Average();
        Assert.InRange(counts.Sum(count => (count - average) * (count - average)) / (counts.Count - 1) / average, 0.84, 1.16);
    }

    [Fact]
    public void A_poisson_ramp_has_the_ramp_s_rate_and_the_seed_decides_it()
    {
        var profile = RateProfile.Ramp(1_000, 3_000, TimeSpan.FromSeconds(10));
        var times = Until(new ProfileArrivals(profile, 7), 10);
        Assert.InRange(times.Count(time => time < 5), 7_500 - 433, 7_500 + 433);
        Assert.InRange(times.Count(time => time >= 5), 12_500 - 559, 12_500 + 559);
        Assert.Equal(times, Until(new ProfileArrivals(profile, 7), 10));
        Assert.NotEqual(times, Until(new ProfileArrivals(profile, 8), 10));
    }

    [Fact]
    public void A_rate_that_is_none_is_refused()
    {
        foreach (var rate in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Equal("rate-invalid", Assert.Throws<ProblemException>(() => RateProfile.Constant(rate)).Problem.Code);
        }

        Assert.Throws<ProblemException>(() => RateProfile.Ramp(1, 2, TimeSpan.Zero));
    }

    private static List<double> Until(ProfileArrivals arrivals, double seconds)
    {
        var times = new List<double>();
        while (arrivals.TryNext(out var ticks) && ticks < seconds * TimeSpan.TicksPerSecond)
        {
            times.Add((double)ticks / TimeSpan.TicksPerSecond);
        }

        return times;
    }
}
