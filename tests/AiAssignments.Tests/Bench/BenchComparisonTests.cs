using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Bench;

public sealed class BenchComparisonTests
{
    [Fact]
    public void A_table_is_the_same_as_itself()
    {
        var comparison = BenchComparison.Of(BenchSamples.Full(), BenchSamples.Full());
        Assert.Empty(comparison.Regressions);
        Assert.Empty(comparison.Improvements);
        Assert.Empty(comparison.Unequal);
    }

    [Theory]
    // Times: the best round now against the worst before, 10 % more is 11.
    [InlineData(new[] { 9.0, 10, 9.5 }, new[] { 11.1, 12, 13 }, BenchVerdict.Worse)]
    [InlineData(new[] { 9.0, 10, 9.5 }, new[] { 11.0, 12, 13 }, BenchVerdict.Same)]
    [InlineData(new[] { 9.0, 10, 9.5 }, new[] { 9.9, 40, 50 }, BenchVerdict.Same)]
    [InlineData(new[] { 9.0, 90, 9.5 }, new[] { 20.0, 21, 22 }, BenchVerdict.Same)]
    [InlineData(new[] { 11.1, 12, 13 }, new[] { 9.0, 10, 9.5 }, BenchVerdict.Better)]
    [InlineData(new[] { 10.0, 10, 10 }, new[] { 10.0, 10, 10 }, BenchVerdict.Same)]
    public void Times_are_worse_where_all_rounds_are_beyond_the_tolerance(double[] before, double[] after, BenchVerdict verdict)
    {
        var comparison = BenchComparison.Of(BenchSamples.Table(BenchSamples.Time("a", before)), BenchSamples.Table(BenchSamples.Time("a", after)));
        Assert.Equal(verdict, Assert.Single(comparison.Changes).Verdict);
    }

    [Theory]
    [InlineData(new[] { 1000.0, 1100, 1050 }, new[] { 900.0, 905, 903 }, BenchVerdict.Worse)]
    [InlineData(new[] { 1000.0, 1100, 1050 }, new[] { 910.0, 905, 903 }, BenchVerdict.Same)]
    [InlineData(new[] { 900.0, 905, 903 }, new[] { 1000.0, 1100, 1050 }, BenchVerdict.Better)]
    public void Throughput_is_worse_where_it_is_less(double[] before, double[] after, BenchVerdict verdict)
    {
        var comparison = BenchComparison.Of(BenchSamples.Table(BenchSamples.Rate("a", before)), BenchSamples.Table(BenchSamples.Rate("a", after)));
        Assert.Equal(verdict, Assert.Single(comparison.Changes).Verdict);
        Assert.Equal(verdict == BenchVerdict.Worse ? 1 : 0, comparison.Regressions.Count());
    }

    [Fact]
    public void The_tolerance_can_be_set()
    {
        var (before, after) = (BenchSamples.Table(BenchSamples.Time("a", 10, 10, 10)), BenchSamples.Table(BenchSamples.Time("a", 10.6, 10.7, 10.8)));
        Assert.Empty(BenchComparison.Of(before, after).Regressions);
        Assert.Single(BenchComparison.Of(before, after, 0.05).Regressions);
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => BenchComparison.Of(before, after, double.NaN)).Problem.Code);
    }

    [Fact]
    public void Quality_has_no_noise_and_needs_no_second_round()
    {
        BenchTable Quality(double value) => BenchSamples.Table(BenchSamples.Row("quality.topic.accuracy", BenchSection.Quality, "topic", "accuracy", "share", BenchDirection.Higher, null, value));
        Assert.Single(BenchComparison.Of(Quality(0.9), Quality(0.898)).Regressions);
        Assert.Empty(BenchComparison.Of(Quality(0.9), Quality(0.8995)).Regressions);
        Assert.Single(BenchComparison.Of(Quality(0.9), Quality(0.92)).Improvements);
    }

    [Fact]
    public void What_few_rounds_measured_what_is_new_and_what_is_neither_better_nor_worse_is_not_judged()
    {
        var before = BenchSamples.Table(BenchSamples.Time("twice", 1, 1), BenchSamples.Time("both", 1, 1, 1), BenchSamples.Row("cpu", BenchSection.Resources, "Gateway", "CPU", "cores", BenchDirection.Neither, null, 1, 1, 1));
        var after = BenchSamples.Table(BenchSamples.Time("twice", 50, 50, 50), BenchSamples.Time("new", 1, 1, 1), BenchSamples.Time("both", 1, 1, 1), BenchSamples.Row("cpu", BenchSection.Resources, "Gateway", "CPU", "cores", BenchDirection.Neither, null, 2, 2, 2));
        var comparison = BenchComparison.Of(before, after);
        Assert.Equal("both", Assert.Single(comparison.Changes).After.Figure.Id);
        Assert.Equal(2, comparison.Unmatched);
        Assert.False(comparison.Fails);
    }

    [Fact]
    public void A_figure_that_is_missing_now_fails_in_the_sections_that_were_asked_for()
    {
        var before = BenchSamples.Table(
            BenchSamples.Time("store.average", 1, 1, 1),
            BenchSamples.Time("gateway.average", 1, 1, 1),
            BenchSamples.Row("gateway.p99", BenchSection.ResponseTimes, "Gateway", "p99", "ms", BenchDirection.Lower, null, 1, 1, 1),
            BenchSamples.Rate("gateway.requests-per-second", 1, 1, 1),
            BenchSamples.Row("cpu", BenchSection.Resources, "Gateway", "CPU", "cores", BenchDirection.Neither, null, 1));

        // The 99th percentile had too few samples and its average is there; throughput was not asked for.
        var after = BenchSamples.Table(BenchSamples.Time("gateway.average", 1, 1, 1));
        var comparison = BenchComparison.Of(before, after);
        Assert.Equal("store.average", Assert.Single(comparison.Missing).Figure.Id);
        Assert.True(comparison.Fails);
        Assert.Contains("1 missing", AiAssignments.Bench.Reports.BenchWords.Verdict(comparison), StringComparison.Ordinal);

        // Asked for and nothing came of it: as bad.
        Assert.Equal(2, BenchComparison.Of(before, after with { Sections = [BenchSection.ResponseTimes, BenchSection.Throughput] }).Missing.Count);
        Assert.False(BenchComparison.Of(before, after with { Quick = true }).Fails);
    }

    [Fact]
    public void Of_another_machine_build_or_text_length_verdicts_are_told_and_do_not_decide()
    {
        var (before, after) = (BenchSamples.Table(BenchSamples.Time("a", 1, 1, 1)) with { Tokens = 128, Build = "Release" }, BenchSamples.Table(BenchSamples.Time("a", 9, 9, 9)) with { Tokens = 128, Build = "Release" });
        Assert.True(BenchComparison.Of(before, after).Fails);
        foreach (var other in new[] { after with { Tokens = 256 }, after with { Build = "Debug" }, after with { Machine = after.Machine with { Cores = 1 } }, after with { Machine = after.Machine with { ExecutionProvider = "CUDA" } }, after with { ReadOnly = true } })
        {
            var comparison = BenchComparison.Of(before, other);
            Assert.Single(comparison.Regressions);
            Assert.Single(comparison.Unequal);
            Assert.False(comparison.Fails);
        }

        // Another runtime is another program: told, and it decides.
        var newer = BenchComparison.Of(before, after with { Machine = after.Machine with { OnnxRuntime = "9.9", HugePages = "off" } });
        Assert.Equal(2, newer.Unequal.Count);
        Assert.True(newer.Fails);
    }

    [Fact]
    public void Quality_is_compared_over_versions_and_on_the_same_records_only()
    {
        BenchTable Quality(string version, string basis, double value) =>
            BenchSamples.Table(BenchSamples.Row("quality.topic.news.accuracy", BenchSection.Quality, $"topic@{version} on news", "accuracy", "share", BenchDirection.Higher, null, value) with { Basis = basis });
        var worse = BenchComparison.Of(Quality("1", "d", 0.9), Quality("2", "d", 0.8) with { Machine = BenchSamples.Table().Machine with { Cores = 1 } });
        Assert.Single(worse.Regressions);
        Assert.True(worse.Fails);
        Assert.Equal("bench-not-comparable", Assert.Throws<ProblemException>(() => BenchComparison.Of(Quality("1", "d", 0.9), Quality("2", "e", 0.8))).Problem.Code);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_before_it_is_measured()
    {
        var times = new HashSet<BenchSection> { BenchSection.ResponseTimes };
        var quality = new HashSet<BenchSection> { BenchSection.Quality };
        BenchComparison.Check(BenchSamples.Table(BenchSamples.Time("a", 1, 1, 1)), times, 3);
        BenchComparison.Check(BenchSamples.Full(), quality, 1);
        foreach (var (before, sections, rounds) in new[] { (BenchSamples.Table(BenchSamples.Time("a", 1, 1)), times, 3), (BenchSamples.Table(BenchSamples.Time("a", 1, 1, 1)), times, 2), (BenchSamples.Table(BenchSamples.Time("a", 1, 1, 1)), quality, 3) })
        {
            Assert.Equal("bench-not-comparable", Assert.Throws<ProblemException>(() => BenchComparison.Check(before, sections, rounds)).Problem.Code);
        }
    }

    [Fact]
    public void Tables_without_a_figure_in_common_cannot_be_compared() =>
        Assert.Equal("bench-not-comparable", Assert.Throws<ProblemException>(() => BenchComparison.Of(BenchSamples.Table(BenchSamples.Time("a", 1, 2, 3)), BenchSamples.Table(BenchSamples.Rate("b", 1, 2, 3)))).Problem.Code);

    [Fact]
    public void Another_machine_and_other_settings_are_told()
    {
        var before = BenchSamples.Full();
        var after = before with { Quick = true, Machine = before.Machine with { Cores = 64 }, Installation = "http://127.0.0.1:1", Loads = new Dictionary<string, BenchLoad> { ["gateway"] = new(1, 1) } };
        Assert.Equal(4, BenchComparison.Of(before, after).Unequal.Count);
    }
}
