using System.Diagnostics;
using AiAssignments.Core.Evaluations;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Telemetry;

public sealed class DropTraceTests
{
    [Fact]
    public async Task A_dropped_dataset_is_one_trace_through_every_shard_to_its_report()
    {
        using var spans = new SpanRecorder();
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.ModelAsync("topic");
        var path = fixture.PathOf("topics.jsonl");
        var lines = await File.ReadAllLinesAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"));
        await File.WriteAllLinesAsync(path, Enumerable.Repeat(lines, 1 + (2 * EvaluationOptions.Default.ShardRecords / lines.Length)).SelectMany(one => one));
        ActivityTraceId trace;
        string id;
        using (var test = SpanRecorder.Begin())
        {
            trace = test.TraceId;
            id = Assert.Single((await fixture.Runtime.Drops.AcceptAsync(path, CancellationToken.None)).Evaluations);
        }

        var job = await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        var all = spans.Of(trace);
        var drop = Assert.Single(all, span => span.OperationName == "drop");
        Assert.Equal(1, drop.GetTagItem("evaluations"));
        var start = Assert.Single(all, span => span.OperationName == "start EvaluateDataset");
        Assert.Equal((drop.SpanId, id), (start.ParentSpanId, start.GetTagItem("workflow.instance")));
        var below = all.Where(span => span.ParentSpanId == start.SpanId).ToList();
        var shards = below.Where(span => span.OperationName == "activity ScoreShard").ToList();
        Assert.True(shards.Count >= 2);
        Assert.Equal(Enumerable.Range(0, shards.Count), shards.Select(span => (int)span.GetTagItem("shard")!).Order());
        Assert.Equal(job.Outcome!.Records, shards.Sum(span => (long)span.GetTagItem("records")!));
        foreach (var once in new[] { "activity PlanEvaluation", "activity WriteReport", "activity ClearWork", "run EvaluateDataset" })
        {
            Assert.Single(below, span => span.OperationName == once);
        }
    }

    [Fact]
    public async Task A_refused_drop_says_why()
    {
        using var spans = new SpanRecorder();
        await using var fixture = await PipelineFixture.OpenAsync();
        var path = fixture.PathOf("empty.csv");
        await File.WriteAllTextAsync(path, string.Empty);
        using var test = SpanRecorder.Begin();
        await Assert.ThrowsAsync<AiAssignments.Core.Errors.ProblemException>(() => fixture.Runtime.Drops.AcceptAsync(path, CancellationToken.None));
        Assert.Equal("dataset-empty", Assert.Single(spans.Of(test.TraceId)).StatusDescription);
    }
}
