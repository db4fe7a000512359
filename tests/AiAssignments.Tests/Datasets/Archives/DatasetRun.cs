using System.Globalization;
using System.IO.Hashing;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;

namespace AiAssignments.Tests.Datasets.Archives;

/// <summary>A dataset recognized, planned and read to its end; the plan's promises are checked on the way.</summary>
internal sealed record DatasetRun(
    DatasetDescription Description, ShardPlan Plan, IReadOnlyList<DatasetRecord> Records, IReadOnlyList<RecordError> Errors)
{
    public static Task<DatasetRun> OfAsync(IDatasetFormat format, byte[] bytes, DatasetOptions? options = null, int shardRecords = 1000, string name = "data", int pieceLimit = int.MaxValue) =>
        OfAsync(format, new ByteSource(bytes, name, pieceLimit), options, shardRecords);

    public static async Task<DatasetRun> OfAsync(IDatasetFormat format, IDataSource source, DatasetOptions? options = null, int shardRecords = 1000)
    {
        var description = await format.RecognizeAsync(source, options ?? DatasetOptions.Default, default)
            ?? throw new InvalidOperationException("Not recognized.");
        Assert.Equal(format.Name, description.Format);
        var plan = await format.PlanAsync(source, description, shardRecords, null, default);
        var records = new List<DatasetRecord>();
        var errors = new List<RecordError>();
        long next = 0;
        long end = plan.Shards[0].ByteStart;
        foreach (var shard in plan.Shards)
        {
            Assert.Equal(next, shard.FirstRecord);
            Assert.InRange(shard.RecordCount, 1, shardRecords);
            Assert.True(shard.ByteStart >= end || format.Name == "parquet");
            end = shard.ByteEnd;
            var before = records.Count + errors.Count;
            await foreach (var batch in format.ReadAsync(source, description, shard, default))
            {
                Assert.InRange(batch.Records.Count + batch.Errors.Count, 1, 512);
                records.AddRange(batch.Records);
                errors.AddRange(batch.Errors);
            }

            Assert.Equal(shard.RecordCount, records.Count + errors.Count - before);
            next += shard.RecordCount;
        }

        Assert.Equal(plan.RecordCount, next);
        var indices = records.Select(record => record.Position.Index).Concat(errors.Select(error => error.Position.Index)).Order();
        Assert.Equal(Enumerable.Range(0, (int)next).Select(index => (long)index), indices);
        return new DatasetRun(description, plan, records, errors);
    }

    public static async Task<Problem> ProblemAsync(IDatasetFormat format, byte[] bytes, DatasetOptions? options = null, string name = "data") =>
        (await Assert.ThrowsAsync<ProblemException>(() => OfAsync(format, bytes, options, name: name))).Problem;

    /// <summary>Every record and error as a line, to compare two runs by.</summary>
    public IReadOnlyList<string> Lines() =>
    [
        .. Records.Select(Line).Concat(Errors.Select(error => $"{error.Position}|{error.Code}|{error.Message}")).Order(StringComparer.Ordinal),
    ];

    private static string Line(DatasetRecord record)
    {
        var content = record switch
        {
            TextRecord text => $"{text.Text}|{text.Pair}|{text.Label}",
            WordsRecord words => $"{string.Join(' ', words.Words)}|{string.Join(' ', words.Tags ?? [])}",
            ImageRecord image => $"{XxHash64.HashToUInt64(image.Content.Span).ToString(CultureInfo.InvariantCulture)}|{image.Label}",
            _ => throw new InvalidOperationException(),
        };
        return $"{record.Position}|{content}|{string.Join(',', record.Slices)}";
    }
}
