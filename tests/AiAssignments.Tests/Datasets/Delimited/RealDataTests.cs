using AiAssignments.Core.Datasets;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Datasets.Delimited;

/// <summary>Counts stated in the data's README.</summary>
public class RealDataTests
{
    [SharedDataFact("agnews/train_subset.csv")]
    public async Task AG_News_subset()
    {
        var source = new FileDataSource(SharedData.PathOf("agnews/train_subset.csv"));
        var reading = await DatasetReading.OfAsync(source, null, 1000);

        Assert.Equal(("csv", "AG News"), (reading.Description.Format, reading.Description.Layout));
        Assert.Empty(reading.Errors);
        Assert.Equal([("1", 3765), ("2", 3713), ("3", 3765), ("4", 3733)], Counts(reading));
        reading.AssertCovers(source.Length, 1000);
    }

    [SharedDataFact("sst2/train.tsv")]
    public async Task SST2_training_set()
    {
        var source = new FileDataSource(SharedData.PathOf("sst2/train.tsv"));
        var reading = await DatasetReading.OfAsync(source, null, 4096);

        Assert.Equal(("tsv", "SST-2"), (reading.Description.Format, reading.Description.Layout));
        Assert.Empty(reading.Errors);
        Assert.Equal([("0", 29_780), ("1", 37_569)], Counts(reading));
        reading.AssertCovers(source.Length, 4096);
    }

    private static IEnumerable<(string Label, int Count)> Counts(DatasetReading reading) =>
        reading.Texts.GroupBy(text => text.Label!).Select(group => (group.Key, group.Count())).Order();
}
