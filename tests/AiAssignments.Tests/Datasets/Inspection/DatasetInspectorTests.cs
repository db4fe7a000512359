using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Inspection;
using AiAssignments.Tests.Datasets.Delimited;

namespace AiAssignments.Tests.Datasets.Inspection;

public class DatasetInspectorTests
{
    [Fact]
    public async Task Says_what_is_in_a_dataset()
    {
        var text = "text,label\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"{new string('x', i)},{(i % 4 == 0 ? "pos" : "neg")}\n")) + "ragged\n";
        var inspection = await DatasetInspector.InspectAsync(new MemoryDataSource(text), DatasetOptions.Default, default);

        Assert.Equal(("csv", 101, 1, 0), (inspection.Description.Format, inspection.RecordCount, inspection.BadRecordCount, inspection.UnlabelledCount));
        Assert.Equal([new("neg", 75), new("pos", 25)], inspection.LabelCounts);
        Assert.Equal(new LengthStatistics("characters", 100, 1, 50.5, 50, 95, 100), inspection.Lengths);
        Assert.Equal("csv-ragged-row", Assert.Single(inspection.FirstErrors).Code);
        Assert.Equal(1, inspection.ErrorCounts["csv-ragged-row"]);
        Assert.Equal(["x", "xx", "xxx"], inspection.Samples.Cast<TextRecord>().Select(record => record.Text));
    }

    [Fact]
    public async Task A_column_that_is_no_label_does_not_hide_the_rest()
    {
        var text = "text,label\n" + string.Concat(Enumerable.Range(0, 11_000).Select(i => $"a,id{i}\n")) + string.Concat(Enumerable.Repeat("bad\n", 30));
        var inspection = await DatasetInspector.InspectAsync(new MemoryDataSource(text), DatasetOptions.Default, default);

        Assert.Equal("labels-too-many", inspection.LabelProblem!.Code);
        Assert.Empty(inspection.LabelCounts);
        Assert.Equal((11_030, 30, 20), (inspection.RecordCount, inspection.BadRecordCount, inspection.FirstErrors.Count));
    }
}
