using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Tests.Datasets.Delimited;

namespace AiAssignments.Tests.Datasets;

public class DatasetFormatsTests
{
    [Fact]
    public void Names_are_unique_and_found()
    {
        Assert.Equal(DatasetFormats.All.Count, DatasetFormats.All.Select(format => format.Name).Distinct().Count());
        Assert.All(DatasetFormats.All, format => Assert.Same(format, DatasetFormats.ByName(format.Name)));
        Assert.Equal("dataset-format-unknown", Assert.Throws<ProblemException>(() => DatasetFormats.ByName("xls")).Problem.Code);
    }

    [Fact]
    public async Task Content_wins_over_the_name()
    {
        Assert.Equal("jsonl", (await DatasetReading.OfAsync("{\"text\":\"a\",\"label\":1}\n", name: "data.csv")).Description.Format);
        Assert.Equal("csv", (await DatasetReading.OfAsync("text,label\na,1\n", name: "data.tsv")).Description.Format);
    }

    [Fact]
    public async Task What_is_not_recognized_is_shown()
    {
        var problem = await DatasetReading.ProblemAsync(new MemoryDataSource([0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 1, 2, 3, 4]));

        Assert.Equal("dataset-unrecognized", problem.Code);
        Assert.Contains("'.ELF.....' (7F454C4600010203)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_format_named_must_fit()
    {
        var problem = await DatasetReading.ProblemAsync("text,label\na,1\n", new DatasetOptions { Format = "jsonl" });

        Assert.Equal("json-invalid", problem.Code);
    }
}
