using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Assertions;

namespace AiAssignments.Tests.LoadTesting;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("p99>25ms", false, "12.5ms")]
    [InlineData("p99 > 12.4 ms", true, "12.5ms")]
    [InlineData("p99>=12.5ms", true, "12.5ms")]
    [InlineData("P99<0.0126s", true, "0.013s")]
    [InlineData("p99>12500us", false, "12500us")]
    [InlineData("p99.9>29ms", true, "30ms")]
    [InlineData("p50<=3.9ms", true, "3.9ms")]
    [InlineData("median<3.9ms", false, "3.9ms")]
    [InlineData("avg>4ms", true, "4.2ms")]
    [InlineData("max<1s", true, "0.04s")]
    [InlineData("min>1ms", false, "0.8ms")]
    [InlineData("service.p99>6ms", true, "6.25ms")]
    [InlineData("service.mean>4ms", false, "3.2ms")]
    [InlineData("errors>0.1%", false, "0.03%")]
    [InlineData("errors>0.02%", true, "0.03%")]
    [InlineData("errors>2", true, "3")]
    [InlineData("success<99.99%", true, "99.97%")]
    [InlineData("rps<1000", false, "1000")]
    [InlineData("throughput<1000.5", true, "1000")]
    public void Conditions_hold_or_do_not(string text, bool holds, string actual)
    {
        var condition = Condition.Parse(text);
        Assert.Equal(holds, condition.Holds(Reports.Of()));
        Assert.Equal(actual, condition.Actual(Reports.Of()));
        Assert.Equal(new AssertionOutcome(condition.Text, holds, actual), condition.FailIf(Reports.Of()));
    }

    [Theory]
    [InlineData("", "for example")]
    [InlineData("p99", "for example")]
    [InlineData("p99=25ms", "for example")]
    [InlineData("p99>>25ms", "for example")]
    [InlineData("p99>-1ms", "for example")]
    [InlineData("p99>25", "needs a unit")]
    [InlineData("p99>25%", "needs a unit")]
    [InlineData("p99>25min", "needs a unit")]
    [InlineData("p98>25ms", "no figure 'p98'")]
    [InlineData("latency>25ms", "no figure 'latency'")]
    [InlineData("errors>5ms", "number of requests")]
    [InlineData("success<99", "in %")]
    [InlineData("rps<1000/s", "for example")]
    [InlineData("rps<1000ms", "without a unit")]
    [InlineData("p99>1.2.3ms", "no number")]
    [InlineData("p99>25ms errors>1", "for example")]
    public void What_cannot_be_understood_says_why(string text, string why)
    {
        var refused = Assert.Throws<ProblemException>(() => Condition.Parse(text));
        Assert.Equal("condition-invalid", refused.Problem.Code);
        Assert.Contains(why, refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_condition_is_cut_where_it_is_shown()
    {
        Assert.InRange(Assert.Throws<ProblemException>(() => Condition.Parse(new string('9', 1_000_000))).Problem.Message.Length, 1, 300);
    }

    [Fact]
    public void Nothing_measured_fails()
    {
        foreach (var text in new[] { "p99>1h", "errors>1%", "success<1%" })
        {
            if (text.EndsWith('h'))
            {
                Assert.Throws<ProblemException>(() => Condition.Parse(text));
                continue;
            }

            Assert.True(Condition.Parse(text).FailIf(Reports.Empty()).Failed);
        }

        var outcome = Condition.Parse("p99>100s").FailIf(Reports.Empty());
        Assert.Equal((true, "nothing measured"), (outcome.Failed, outcome.Actual));
        Assert.True(Condition.Parse("rps<1").FailIf(Reports.Empty()).Failed);
    }
}
