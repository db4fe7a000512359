using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Tests.Reports;

namespace AiAssignments.Tests.Optimizations;

/// <summary>What the gate decides on, at its boundary.</summary>
public sealed class GateTests
{
    [Theory]
    [InlineData(0.01, 0.0, -0.01, true)] // The lower end exactly at what may be lost.
    [InlineData(0.01, 0.0, -0.010001, false)]
    [InlineData(0.01, -0.005, -0.02, false)] // The point alone would pass.
    [InlineData(0.01, 0.002, -0.009, true)]
    [InlineData(0.0, 0.0, 0.0, true)]
    [InlineData(0.0, 0.01, -1e-9, false)]
    [InlineData(0.3, -0.2, -0.1 - 0.2, true)] // -0.30000000000000004 is what -0.3 becomes on the way.
    [InlineData(1.0, -0.9, -1.0, true)]
    public void The_lower_end_of_the_paired_interval_decides(double allowed, double value, double lower, bool accepted)
    {
        var verdict = Gate.Judge(Comparison("accuracy", new MetricEstimate(value, lower, value + 0.01, "newcombe-paired")), new GateOptions(allowed));

        Assert.Equal(accepted, verdict.Accepted);
        Assert.StartsWith(accepted ? "Accepted: accuracy changed by " : "Refused: accuracy changed by ", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(value, verdict.Difference.Value);
    }

    [Fact]
    public void A_refusal_says_whether_it_was_the_loss_or_the_size_of_the_dataset()
    {
        var small = Gate.Judge(Comparison("accuracy", new MetricEstimate(-0.005, -0.04, 0.03)), new GateOptions(0.01));
        var large = Gate.Judge(Comparison("accuracy", new MetricEstimate(-0.05, -0.06, -0.04)), new GateOptions(0.01));

        Assert.Contains("records cannot tell. A larger gate dataset may.", small.Reason, StringComparison.Ordinal);
        Assert.Contains("−0.50 points (−4.00 to +3.00)", small.Reason, StringComparison.Ordinal);
        Assert.EndsWith("which is more than the 1 point that may be lost.", large.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_are_judged_on_their_F1_and_not_on_whole_sentences()
    {
        var comparison = Comparison("entity F1", new MetricEstimate(-0.001, -0.005, 0.004));
        var sentences = new PairedDifference("sentences without a wrong entity", 0.5, 0.4, new MetricEstimate(-0.1, -0.2, -0.05), 0.01, "mcnemar-exact");

        var verdict = Gate.Judge(comparison with { Differences = [sentences, .. comparison.Differences] }, new GateOptions());

        Assert.True(verdict.Accepted);
        Assert.Contains("entity F1", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0.0, null)]
    [InlineData(0.0, double.NaN)]
    public void Without_an_interval_nothing_is_accepted(double? value, double? lower) =>
        Assert.Contains("nothing can be said", Gate.Judge(Comparison("accuracy", new MetricEstimate(value, lower, 1)), new GateOptions(1)).Reason, StringComparison.Ordinal);

    [Fact]
    public void Records_that_only_the_old_version_could_score_count_as_lost()
    {
        var comparison = Comparison("accuracy", new MetricEstimate(0.0, -0.004, 0.004));
        var (before, after) = (comparison.A, comparison.B);
        comparison = comparison with
        {
            A = before with { Counts = before.Counts with { Scored = 1000 } },
            B = after with { Counts = after.Counts with { Scored = 1000 } },
            Paired = 993,
        };

        // That the new version scored 7 others does not make up for them.
        var verdict = Gate.Judge(comparison, new GateOptions(0.01));

        Assert.False(verdict.Accepted);
        Assert.Contains("7 of 1,000 records", verdict.Reason, StringComparison.Ordinal);
        Assert.True(Gate.Judge(comparison, new GateOptions(0.0111)).Accepted);
    }

    [Theory]
    [InlineData(-0.01, 6)]
    [InlineData(1.01, 6)]
    [InlineData(double.NaN, 6)]
    [InlineData(0.01, 0)]
    [InlineData(0.01, 17)]
    public void Gates_out_of_range_are_refused(double allowed, int attempts) =>
        Assert.Equal("option-out-of-range", Assert.Throws<ProblemException>(() => new GateOptions(allowed, false, attempts).Check()).Problem.Code);

    [Fact]
    public void Layers_stay_in_float_twice_as_many_at_a_time_but_never_all()
    {
        var ranking = new SensitiveLayers(["a", "b", "c", "d", "e", "f"]);
        Assert.Equal([0, 1, 2, 4, 5, 5], Enumerable.Range(1, 6).Select(attempt => ranking.ForAttempt(attempt).Count));
        Assert.Equal(["a", "b"], ranking.ForAttempt(3));
        Assert.Empty(new SensitiveLayers(["a"]).ForAttempt(5));
        Assert.Empty(new SensitiveLayers([]).ForAttempt(2));
    }

    private static EvaluationResult Scored(EvaluationResult side, long records) => side with { Counts = side.Counts with { Scored = records } };

    private static ComparisonResult Comparison(string metric, MetricEstimate difference)
    {
        var comparison = SampleResults.Comparison();
        return comparison with { Paired = 100_000, A = Scored(comparison.A, 100_000), Differences = [new PairedDifference(metric, 0.9, 0.9 + difference.Value, difference, 0.5, "mcnemar-exact")] };
    }
}
