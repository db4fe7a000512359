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
    [InlineData(new[] { 1000.0, 1100 }, new[] { 900.0, 905 }, BenchVerdict.Worse)]
    [InlineData(new[] { 1000.0, 1100 }, new[] { 910.0, 905 }, BenchVerdict.Same)]
    [InlineData(new[] { 900.0, 905 }, new[] { 1000.0, 1100 }, BenchVerdict.Better)]
    public void Throughput_is_worse_where_it_is_less(double[] before, double[] after, BenchVerdict verdict)
    {
        var comparison = BenchComparison.Of(BenchSamples.Table(BenchSamples.Rate("a", before)), BenchSamples.Table(BenchSamples.Rate("a", after)));
        Assert.Equal(verdict, Assert.Single(comparison.Changes).Verdict);
        Assert.Equal(verdict == BenchVerdict.Worse ? 1 : 0, comparison.Regressions.Count());
    }

    [Fact]
    public void The_tolerance_can_be_set()
    {
        var (before, after) = (BenchSamples.Table(BenchSamples.Time("a", 10, 10)), BenchSamples.Table(BenchSamples.Time("a", 10.6, 10.7)));
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
    public void What_one_round_measured_what_one_table_has_and_what_is_neither_better_nor_worse_is_not_judged()
    {
        var before = BenchSamples.Table(BenchSamples.Time("once", 1), BenchSamples.Time("gone", 1, 1), BenchSamples.Time("both", 1, 1), BenchSamples.Row("cpu", BenchSection.Resources, "Gateway", "CPU", "cores", BenchDirection.Neither, null, 1, 1));
        var after = BenchSamples.Table(BenchSamples.Time("once", 50, 50), BenchSamples.Time("new", 1, 1), BenchSamples.Time("both", 1, 1), BenchSamples.Row("cpu", BenchSection.Resources, "Gateway", "CPU", "cores", BenchDirection.Neither, null, 2, 2));
        var comparison = BenchComparison.Of(before, after);
        Assert.Equal("both", Assert.Single(comparison.Changes).After.Figure.Id);
        Assert.Equal(3, comparison.Unmatched);
    }

    [Fact]
    public void Tables_without_a_figure_in_common_cannot_be_compared() =>
        Assert.Equal("bench-not-comparable", Assert.Throws<ProblemException>(() => BenchComparison.Of(BenchSamples.Table(BenchSamples.Time("a", 1, 2)), BenchSamples.Table(BenchSamples.Time("b", 1, 2)))).Problem.Code);

    [Fact]
    public void Another_machine_and_other_settings_are_told()
    {
        var before = BenchSamples.Full();
        var after = before with { Quick = true, Machine = before.Machine with { Cores = 64 }, Installation = "http://127.0.0.1:1", Loads = new Dictionary<string, BenchLoad> { ["gateway"] = new(1, 1) } };
        Assert.Equal(4, BenchComparison.Of(before, after).Unequal.Count);
    }
}
