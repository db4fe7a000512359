using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;

namespace AiAssignments.Tests.Datasets.Delimited;

/// <summary>A dataset recognized, planned and read through.</summary>
internal sealed record DatasetReading(DatasetDescription Description, ShardPlan Plan, List<DatasetRecord> Records, List<RecordError> Errors)
{
    public IEnumerable<TextRecord> Texts => Records.Cast<TextRecord>();

    public IEnumerable<string> Codes => Errors.Select(error => error.Code);

    public static async Task<DatasetReading> OfAsync(IDataSource source, DatasetOptions? options = null, int shardRecords = 100)
    {
        var (format, description) = await DatasetFormats.DetectAsync(source, options ?? DatasetOptions.Default, default);
        return await OfAsync(source, format, description, shardRecords);
    }

    public static async Task<DatasetReading> OfAsync(IDataSource source, IDatasetFormat format, DatasetDescription description, int shardRecords)
    {
        var plan = await format.PlanAsync(source, description, shardRecords, null, default);
        var reading = new DatasetReading(description, plan, [], []);
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, default))
            {
                Assert.InRange(batch.Records.Count + batch.Errors.Count, 1, 256);
                reading.Records.AddRange(batch.Records);
                reading.Errors.AddRange(batch.Errors);
            }
        }

        return reading;
    }

    public static Task<DatasetReading> OfAsync(string text, DatasetOptions? options = null, int shardRecords = 100, string name = "data") =>
        OfAsync(new MemoryDataSource(text, name), options, shardRecords);

    public static async Task<Problem> ProblemAsync(IDataSource source, DatasetOptions? options = null) =>
        (await Assert.ThrowsAsync<ProblemException>(() => OfAsync(source, options))).Problem;

    public static Task<Problem> ProblemAsync(string text, DatasetOptions? options = null, string name = "data") =>
        ProblemAsync(new MemoryDataSource(text, name), options);

    /// <summary>Shards are in order, without gap or overlap, and hold every record once.</summary>
    public void AssertCovers(long length, int shardRecords)
    {
        Assert.Equal(Plan.RecordCount, Records.Count + Errors.Count);
        Assert.Equal(
            Enumerable.Range(0, (int)Plan.RecordCount).Select(i => (long)i),
            Records.Select(record => record.Position.Index).Concat(Errors.Select(error => error.Position.Index)).Order());
        Assert.Equal((Plan.RecordCount + shardRecords - 1) / shardRecords, Plan.Shards.Count);
        Assert.Equal(length, Plan.Shards[^1].ByteEnd);
        for (var i = 0; i < Plan.Shards.Count; i++)
        {
            var shard = Plan.Shards[i];
            Assert.Equal(i, shard.Index);
            Assert.Equal((long)i * shardRecords, shard.FirstRecord);
            Assert.Equal(i + 1 < Plan.Shards.Count ? shardRecords : Plan.RecordCount - shard.FirstRecord, shard.RecordCount);
            Assert.True(i == 0 || shard.ByteStart == Plan.Shards[i - 1].ByteEnd);
        }
    }
}
