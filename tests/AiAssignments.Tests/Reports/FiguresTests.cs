using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.917, "91.7 %")]
    [InlineData(1.0, "100.0 %")]
    [InlineData(0.0, "0.0 %")]
    [InlineData(0.9998, "99.98 %")]
    [InlineData(0.99996, "99.996 %")]
    [InlineData(0.0002, "0.02 %")]
    [InlineData(-0.05, "−5.0 %")]
    [InlineData(null, "undefined")]
    public void A_share_has_one_decimal_unless_that_would_say_all_or_nothing(double? share, string expected) =>
        Assert.Equal(expected, Figures.Percent(share).Replace('\u00A0', ' '));

    [Theory]
    [InlineData(0.0185, "+1.9")]
    [InlineData(-0.0185, "−1.9")]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0001, "0.0")]
    [InlineData(null, "undefined")]
    public void Points_are_signed(double? difference, string expected) => Assert.Equal(expected, Figures.Points(difference));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(999_960, "1.0 MB")]
    [InlineData(12_400_000, "12.4 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Sizes_are_decimal(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes).Replace('\u00A0', ' '));

    [Theory]
    [InlineData(0.0421, "42.1 µs")]
    [InlineData(1.234, "1.23 ms")]
    [InlineData(99.96, "100 ms")]
    [InlineData(1234, "1.23 s")]
    [InlineData(125_400, "2 min 5 s")]
    public void Durations_have_three_digits(double milliseconds, string expected) => Assert.Equal(expected, Figures.Milliseconds(milliseconds).Replace('\u00A0', ' '));

    [Fact]
    public void Intervals_counts_and_p_values()
    {
        Assert.Equal("90.4–92.8\u00A0%", Figures.Interval(new MetricEstimate(0.917, 0.9041, 0.9283)));
        Assert.Equal(string.Empty, Figures.Interval(new MetricEstimate(0.917)));
        Assert.Equal("2,000\u00A0records", Figures.Count(2000, "record"));
        Assert.Equal("1\u00A0record", Figures.Count(1, "record"));
        Assert.Equal("<\u00A00.001", Figures.PValue(0.0004));
        Assert.Equal("0.031", Figures.PValue(0.0312));
    }

    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0.72, 1, 5, "0.8 0.9 1")]
    [InlineData(-0.01, 0.03, 4, "-0.01 0 0.01 0.02 0.03")]
    [InlineData(0, 0.000001, 2, "0 5E-07 1E-06")]
    public void Ticks_are_round(double from, double to, int count, string expected)
    {
        var ticks = new Scale(from, to, 0, 100).Ticks(count);
        Assert.Equal(expected, string.Join(' ', ticks.Select(tick => Math.Round(tick, 9).ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_scale_of_no_extent_draws_at_its_start()
    {
        Assert.Equal(10, new Scale(1, 1, 10, 90).At(1));
        Assert.NotEmpty(new Scale(0.5, 200, 0, 100, Logarithmic: true).Ticks(6));
        Assert.Equal(100, new Scale(0, 1, 0, 100).At(double.PositiveInfinity) + 100);
    }
}
