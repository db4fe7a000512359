using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Labels;
using AiAssignments.Tests.Datasets.Delimited;

namespace AiAssignments.Tests.Datasets.Labels;

public class LabelScanTests
{
    [Fact]
    public async Task Counts_spellings_over_shards()
    {
        var counts = await ScanAsync("text,label\na,x\nb,y\nc,x\nd,X\n");

        Assert.Equal([("X", 1L), ("x", 2), ("y", 1)], counts.Counts.Select(label => (label.Key, label.Value)).OrderBy(label => label.Key, StringComparer.Ordinal));
        Assert.True(counts.Complete);
        Assert.Equal(4, counts.Total);
    }

    [Fact]
    public async Task Too_many_spellings_are_no_labels()
    {
        var text = "text,label\n" + string.Concat(Enumerable.Range(0, LabelScan.MaxDistinct + 1).Select(i => $"a,id{i}\n"));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => ScanAsync(text));

        Assert.Equal("labels-too-many", problem.Problem.Code);
    }

    [Fact]
    public void Parts_merge()
    {
        var one = new LabelCounts(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }, false, 3);
        var sum = one.Merge(one, true);

        Assert.Equal((2, 4, 6, true), (sum.Counts["a"], sum.Counts["b"], sum.Unlabelled, sum.Complete));
    }

    private static async Task<LabelCounts> ScanAsync(string text)
    {
        var source = new MemoryDataSource(text);
        var (format, description) = await DatasetFormats.DetectAsync(source, DatasetOptions.Default, default);
        var plan = await format.PlanAsync(source, description, 3, null, default);
        return await LabelScan.RunAsync(format, source, description, plan.Shards, true, default);
    }
}
