using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Tests.Metrics.Golden;

namespace AiAssignments.Tests.Metrics.Statistics;

public sealed class StatisticsGoldenTests
{
    [Fact]
    public void Functions_agree_with_scipy_and_whole_number_arithmetic()
    {
        var seen = new HashSet<string>();
        foreach (var item in GoldenFile.Cases("statistics.json"))
        {
            var kind = item.GetProperty("kind").GetString()!;
            var arguments = item.GetProperty("arguments").Numbers();
            var expected = item.GetProperty("expected");
            var what = $"{kind}({string.Join(", ", arguments)})";
            seen.Add(kind);
            switch (kind)
            {
                case "normal-quantile":
                    Relative(expected.GetDouble(), NormalDistribution.Quantile(arguments[0]), what);
                    break;
                case "wilson":
                    var (lower, upper) = WilsonInterval.Bounds((long)arguments[0], (long)arguments[1], arguments[2]);
                    GoldenFile.Equal(expected[0].GetDouble(), lower, what);
                    GoldenFile.Equal(expected[1].GetDouble(), upper, what);
                    break;
                case "mcnemar":
                    Relative(expected.GetDouble(), BinomialDistribution.McNemarExact((long)arguments[0], (long)arguments[1]), what);
                    break;
                case "fair-probability":
                    Relative(expected.GetDouble(), BinomialDistribution.FairProbability((long)arguments[0], (long)arguments[1]), what);
                    break;
                default:
                    Assert.Fail($"unknown kind {kind}");
                    break;
            }
        }

        Assert.Equal(4, seen.Count);
    }

    // Tails are small numbers, so the error is relative.
    private static void Relative(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-12 * Math.Abs(expected), $"{what}: {expected:R} expected, {actual:R} found");
}
