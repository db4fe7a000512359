using System.Globalization;
using AiAssignments.Evaluation.Reports.Charts;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

public sealed class DotChartTests
{
    [Theory]
    [InlineData(-0.775, -0.849, -0.651, true)]
    [InlineData(-0.999, -1.0, -0.99, true)]
    [InlineData(0.001, -0.001, 0.002, true)]
    [InlineData(0.925, 0.846, 0.965, false)]
    [InlineData(1, 0.999, 1, false)]
    public void Numbers_end_within_the_chart_and_do_not_meet(double value, double lower, double upper, bool differences)
    {
        using var text = new StringWriter();
        DotChart.Draw(new HtmlWriter(text), [new DotRow("Accuracy", string.Empty, new MetricEstimate(value, lower, upper))], 0, "Differences", differences);
        var numbers = HtmlDocument.Parse($"<div>{text}</div>").Root!.Descendants().Where(element => element.Name.LocalName == "text" && element.Attribute("text-anchor") is null && element.Value != "points")
            .Select(element => (X: double.Parse(element.Attribute("x")!.Value, CultureInfo.InvariantCulture), Width: ChartText.Width(element.Value, 11))).ToList();

        Assert.Equal(2, numbers.Count);
        Assert.True(numbers[0].X + numbers[0].Width <= numbers[1].X);
        Assert.True(numbers[1].X + numbers[1].Width <= 720);
    }
}
