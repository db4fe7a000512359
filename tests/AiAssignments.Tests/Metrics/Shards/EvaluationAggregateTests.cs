using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Results;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Shards;

public sealed class EvaluationAggregateTests
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 25)]
    public bool Shards_merged_in_any_order_give_the_result_of_one(byte seed, byte cut, bool tagging)
    {
        var shape = SampleRows.Shape(tagging ? ModelTask.TokenClassification : ModelTask.TextClassification);
        var rows = Rows(seed, 150, tagging);
        var whole = SampleRows.Fill(shape, rows);
        var merged = new EvaluationAggregate(shape);
        var summaries = rows.Chunk(5 + (cut % 60)).Select(part => SampleRows.Fill(shape, part).ToSummary().ToJson()).ToList();
        foreach (var i in Enumerable.Range(0, summaries.Count).OrderBy(i => unchecked((i + 1) * (seed + 7919) % 104729)))
        {
            merged.Merge(ShardSummary.FromJson(summaries[i]));
        }

        return whole.ToSummary().ToJson().AsSpan().SequenceEqual(merged.ToSummary().ToJson())
            && JsonSerializer.Serialize(whole.ToResult(SampleRows.Facts())) == JsonSerializer.Serialize(merged.ToResult(SampleRows.Facts()));
    }

    [Fact]
    public void Counts_what_became_of_the_records()
    {
        var aggregate = new EvaluationAggregate(SampleRows.Shape(ModelTask.TextClassification));
        Assert.Null(aggregate.Add(new RecordPosition(0, 0, 1), SampleRows.Classified(0, "yes", "yes"), cut: true));
        Assert.Null(aggregate.Add(new RecordPosition(1, 5, 2), SampleRows.Classified(1, null, "yes")));
        Assert.Equal("label-unknown", aggregate.Add(new RecordPosition(2, 9, 3), SampleRows.Classified(2, "maybe", "yes"))!.Code);
        Assert.Equal("probabilities-invalid", aggregate.Add(new RecordPosition(3, 12, 4), SampleRows.Classified(3, "yes", "yes", float.NaN))!.Code);
        Assert.Equal("probabilities-invalid", aggregate.Add(new RecordPosition(4, 15, 5), SampleRows.Classified(4, "yes", "yes") with { Probabilities = null })!.Code);
        aggregate.AddBad(new RecordError(new RecordPosition(5, 20, 6), "csv-ragged-row", "x"));
        Assert.Equal(new RecordCounts(6, 1, 4, 1, 1), aggregate.Counts);
        var result = aggregate.ToResult(SampleRows.Facts());
        Assert.Equal([2, 3, 4, 5], result.BadRecords.Select(error => error.Position.Index));
        Assert.Contains(result.Notes, note => note.StartsWith("1 of 2 texts were cut", StringComparison.Ordinal));
        Assert.Contains(result.Notes, note => note.StartsWith("4 bad records", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_tags_are_bad_records()
    {
        var shape = SampleRows.Shape(ModelTask.TokenClassification);
        shape = shape with { Options = shape.Options with { EntityMode = "seqeval-strict" } };
        var aggregate = new EvaluationAggregate(shape);
        Assert.Equal("tag-count", aggregate.Add(new RecordPosition(0, 0), SampleRows.Tagged(0, ["O"], ["O", "O"]))!.Code);
        Assert.Equal("tag-outside-scheme", aggregate.Add(new RecordPosition(1, 0), SampleRows.Tagged(1, ["X-PER"], ["O"]))!.Code);
        Assert.Null(aggregate.Add(new RecordPosition(2, 0), SampleRows.Tagged(2, null, ["O"])));
        Assert.Equal(new RecordCounts(3, 0, 2, 1, 0), aggregate.Counts);
    }

    [Fact]
    public void The_first_hundred_bad_records_are_kept_whatever_the_order()
    {
        var shape = SampleRows.Shape(ModelTask.TextClassification);
        var aggregate = new EvaluationAggregate(shape);
        for (var shard = 4; shard >= 0; shard--)
        {
            var part = new EvaluationAggregate(shape);
            for (var i = 0; i < 50; i++)
            {
                part.AddBad(new RecordError(new RecordPosition((shard * 50) + i, 0), "x", "y"));
            }

            aggregate.Merge(part.ToSummary());
        }

        var result = aggregate.ToResult(SampleRows.Facts());
        Assert.Equal(250, result.Counts.Bad);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), result.BadRecords.Select(error => error.Position.Index));
    }

    [Fact]
    public void A_mistake_shows_the_differing_words_and_makes_its_thumbnail_only_when_kept()
    {
        var shape = SampleRows.Shape(ModelTask.TokenClassification);
        shape = shape with { Options = shape.Options with { MistakesKept = 1 } };
        var aggregate = new EvaluationAggregate(shape);
        aggregate.Add(new RecordPosition(0, 0), SampleRows.Tagged(0, ["B-PER", "I-PER", "O"], ["B-PER", "O", "B-LOC"], 0.9f), false, () => [1]);
        aggregate.Add(new RecordPosition(1, 0), SampleRows.Tagged(1, ["B-PER"], ["O"], 0.8f), false, () => throw new InvalidOperationException("must not be made"));
        aggregate.Add(new RecordPosition(2, 0), SampleRows.Tagged(2, ["O"], ["O"], 0.99f), false, () => throw new InvalidOperationException("is right"));
        var mistake = Assert.Single(aggregate.ToResult(SampleRows.Facts()).Mistakes);
        Assert.Equal(("w1/I-PER w2/O", "w1/O w2/B-LOC"), (mistake.Truth, mistake.Predicted));
        Assert.Equal([1], mistake.Thumbnail!);
    }

    [Fact]
    public void Speed_is_summed_over_shards()
    {
        var aggregate = new EvaluationAggregate(SampleRows.Shape(ModelTask.TextClassification));
        for (var shard = 2; shard >= 1; shard--)
        {
            var part = new EvaluationAggregate(SampleRows.Shape(ModelTask.TextClassification));
            part.RecordBatch(8, TimeSpan.FromMilliseconds(10 * shard));
            part.AddRun(new ThroughputPoint(Start.AddSeconds(shard), shard, 100, 0.5), 1000, 500 * shard);
            aggregate.Merge(part.ToSummary());
        }

        var performance = aggregate.ToResult(SampleRows.Facts()).Performance;
        Assert.Equal((200.0, 1.0, 1000L, 2000L), (performance.RecordsPerSecond, performance.ScoringSeconds, performance.PeakWorkingSetBytes, performance.AllocatedBytes));
        Assert.Equal([1, 2], performance.Throughput.Select(point => point.Shard));
        Assert.Equal(2, performance.Batches.Samples);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":99")]
    public void Damaged_json_is_refused(string json) =>
        Assert.Equal("shard-result-damaged", Assert.Throws<ProblemException>(() => ShardSummary.FromJson(System.Text.Encoding.UTF8.GetBytes(json))).Problem.Code);

    [Fact]
    public void Summaries_of_another_task_are_refused()
    {
        var tagging = SampleRows.Fill(SampleRows.Shape(ModelTask.TokenClassification), []).ToSummary();
        var aggregate = new EvaluationAggregate(SampleRows.Shape(ModelTask.TextClassification));
        Assert.Equal("shards-differ", Assert.Throws<ProblemException>(() => aggregate.Merge(tagging)).Problem.Code);
    }

    private static List<PredictionRow> Rows(byte seed, int count, bool tagging)
    {
        var random = new Xoshiro256(seed);
        string[] tags = ["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"];
        string Tag() => tags[random.Next() % 6];
        var rows = new List<PredictionRow>();
        for (var i = 0; i < count; i++)
        {
            var confidence = 0.5f + ((random.Next() >> 41) / (float)(1 << 24));
            rows.Add(tagging
                ? SampleRows.Tagged(i, random.Next() % 20 == 0 ? null : [Tag(), Tag(), Tag()], [Tag(), Tag(), Tag()], confidence)
                : SampleRows.Classified(i, random.Next() % 20 == 0 ? "maybe" : random.Next() % 2 == 0 ? "yes" : "no", random.Next() % 2 == 0 ? "yes" : "no", confidence, $"s{random.Next() % 80}", (int)(random.Next() % 300)));
        }

        return rows;
    }
}
