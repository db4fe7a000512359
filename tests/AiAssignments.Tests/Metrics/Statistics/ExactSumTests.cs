using AiAssignments.Evaluation.Metrics.Statistics;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Statistics;

public sealed class ExactSumTests
{
    [Property]
    public bool Order_does_not_matter(NormalFloat[] values)
    {
        var terms = values.Select(value => value.Get % 1000).ToArray();
        var forward = default(ExactSum);
        var backward = default(ExactSum);
        foreach (var term in terms)
        {
            forward.Add(term);
        }

        foreach (var term in terms.Reverse())
        {
            backward.Add(term);
        }

        return forward.Scaled == backward.Scaled;
    }

    [Fact]
    public void Adds_what_doubles_lose()
    {
        var sum = default(ExactSum);
        sum.Add(1e9);
        for (var i = 0; i < 1000; i++)
        {
            sum.Add(1e-9);
        }

        sum.Add(-1e9);
        Assert.Equal(1e-6, sum.ToDouble(), 1e-15);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e10)]
    public void Refuses_what_it_cannot_hold(double term) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => default(ExactSum).Add(term));
}
