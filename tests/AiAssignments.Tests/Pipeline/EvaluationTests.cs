using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Tests.Pipeline;

public sealed class EvaluationTests
{
    [Fact]
    public async Task A_dataset_becomes_a_report_in_every_format_and_nothing_else_is_left()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));

        Assert.Equal(WorkflowStatus.Completed, job.Status);
        var outcome = job.Outcome!;
        var lines = await File.ReadAllLinesAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"));
        Assert.Equal(lines.Length, outcome.Records);
        Assert.Equal(0, outcome.Bad);
        Assert.InRange(outcome.Headline.Value!.Value, 0.8, 1);
        Assert.True(outcome.Headline.Lower < outcome.Headline.Value && outcome.Headline.Value < outcome.Headline.Upper);
        Assert.Equal(ReportFiles.All.Order(), fixture.Files("reports").Select(Path.GetFileName).Order());
        Assert.Empty(fixture.Files("work"));

        var result = await fixture.ResultAsync(outcome);
        Assert.Equal(outcome.Records, result.Classification!.Confusion.Sum(row => row.Sum()));
        Assert.Equal("name", result.Dataset.LabelMatch);
        var predictions = await File.ReadAllLinesAsync(Path.Combine(fixture.Runtime.FilePath(outcome.ReportFolder), ReportFiles.Csv), Encoding.UTF8);
        Assert.Equal(lines.Length + 1, predictions.Length);
    }

    [Fact]
    public async Task Asking_twice_is_one_evaluation_also_after_a_restart()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("entity"), await fixture.SampleAsync("entities.conll"));
        var report = fixture.Files("reports").Single(file => file.EndsWith(ReportFiles.Html, StringComparison.Ordinal));
        var written = File.GetLastWriteTimeUtc(report);
        await fixture.ReopenAsync();

        var (id, started) = await fixture.Runtime.Evaluations.StartAsync(
            await fixture.ModelAsync("entity"), await fixture.SampleAsync("entities.conll"), EvaluationOptions.Default, CancellationToken.None);

        Assert.False(started);
        Assert.Equal(job.Id, id);
        Assert.Equal(job.CreatedAt, Assert.Single(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None)).CreatedAt);
        Assert.Equal(written, File.GetLastWriteTimeUtc(report));
        Assert.Equal("entity F1", job.Outcome!.Metric);
    }

    [Fact]
    public async Task Bad_records_are_counted_and_shown_with_their_position_until_there_are_too_many()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var content = new StringBuilder();
        for (var i = 0; i < 40; i++)
        {
            content.AppendLine(i switch
            {
                7 => "{\"text\": \"no end",
                21 => "{\"text\": \"what is this\", \"label\": \"Cooking\"}",
                _ => $"{{\"text\": \"The team won match number {i}\", \"label\": \"{(i % 2 == 0 ? "Sports" : "World")}\"}}",
            });
        }

        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.DatasetAsync("news.jsonl", content.ToString());
        var refused = await fixture.EvaluateAsync(model, dataset);
        Assert.Equal(WorkflowStatus.Failed, refused.Status);
        Assert.Equal("labels-mismatch", refused.Problem!.Code);
        Assert.Contains("'Cooking'", refused.Problem.Message, StringComparison.Ordinal);

        var one = await fixture.DatasetAsync("one.jsonl", content.ToString().Replace("Cooking", "World", StringComparison.Ordinal));
        var tooMany = await fixture.EvaluateAsync(model, one);
        Assert.Equal("too-many-bad-records", tooMany.Problem!.Code);
        Assert.Contains("line 8", tooMany.Problem.Where, StringComparison.Ordinal);

        var allowed = await fixture.EvaluateAsync(model, one, new EvaluationOptions { ErrorThreshold = 0.05 });
        Assert.Equal(WorkflowStatus.Completed, allowed.Status);
        Assert.Equal(1, allowed.Outcome!.Bad);
        Assert.Equal(39, allowed.Outcome.Records);
        var bad = Assert.Single((await fixture.ResultAsync(allowed.Outcome)).BadRecords);
        Assert.Equal(8, bad.Position.Line);
        Assert.Equal("json-invalid", bad.Code);
    }

    [Fact]
    public async Task Labels_that_are_not_the_models_are_explained()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("sentiment"), await fixture.SampleAsync("topics.jsonl"));
        Assert.Equal("labels-mismatch", job.Problem!.Code);
        Assert.Contains("'Sports'", job.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("'negative'", job.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Files("reports"));
    }

    [Fact]
    public async Task A_dataset_for_another_task_is_refused()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.SampleAsync("entities.conll"));
        Assert.Equal(WorkflowStatus.Failed, job.Status);
        Assert.Contains(job.Problem!.Code, new[] { "task-mismatch", "dataset-unrecognized", "dataset-task" });
    }

    [Fact]
    public async Task Hostile_text_does_not_become_markup_in_the_report()
    {
        const string Attack = "</style><script>alert(1)</script><img src=x onerror=alert(1)>";
        await using var fixture = await PipelineFixture.OpenAsync();
        var content = string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"{{\"text\": \"{Attack} stocks and shares fell {i}\", \"label\": \"{(i % 2 == 0 ? "Sports" : "World")}\"}}\n"));
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.DatasetAsync("a<script>b.jsonl", content));
        var html = await File.ReadAllTextAsync(fixture.Files("reports").Single(file => file.EndsWith(ReportFiles.Html, StringComparison.Ordinal)));
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(WorkflowStatus.Completed, job.Status);
    }

    [Theory]
    [InlineData(-0.1, 0.95, 2000, "error threshold")]
    [InlineData(0.01, 1.5, 2000, "confidence")]
    [InlineData(0.01, double.NaN, 2000, "confidence")]
    [InlineData(0.01, 0.95, 1, "bootstrap samples")]
    public async Task Options_out_of_range_are_named(double threshold, double confidence, int bootstrap, string named)
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await fixture.EvaluateAsync(
            await fixture.ModelAsync("topic"),
            await fixture.SampleAsync("topics.jsonl"),
            new EvaluationOptions { ErrorThreshold = threshold, Confidence = confidence, BootstrapSamples = bootstrap }));
        Assert.Equal("option-out-of-range", refused.Problem.Code);
        Assert.Contains(named, refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shard_size_does_not_change_the_counts()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var whole = await fixture.ResultAsync((await fixture.EvaluateAsync(model, dataset)).Outcome!);
        var cut = await fixture.ResultAsync((await fixture.EvaluateAsync(model, dataset, new EvaluationOptions { ShardRecords = 7 })).Outcome!);
        Assert.Equal(whole.Classification!.Confusion, cut.Classification!.Confusion);
        Assert.Equal(whole.Classification.Accuracy, cut.Classification.Accuracy);
        Assert.Equal(whole.Slices, cut.Slices);
    }

    [Fact]
    public async Task A_tag_that_stands_only_in_a_shard_not_looked_at_is_no_bad_record()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var sentences = Enumerable.Range(0, 40).Select(i => i == 17 ? "Aarhus B-LOC\nwaits O\n" : $"Tomas I-PER\nleft O\nOslo I-LOC\nat O\n{i} O\n");
        var dataset = await fixture.DatasetAsync("rare.conll", string.Join('\n', sentences));

        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("entity"), dataset, new EvaluationOptions { ShardRecords = 1 });

        Assert.Equal(WorkflowStatus.Completed, job.Status);
        Assert.Equal((40L, 0L), (job.Outcome!.Records, job.Outcome.Bad));
        Assert.Empty((await fixture.ResultAsync(job.Outcome)).BadRecords);
    }

    [Fact]
    public async Task A_dataset_of_one_label_completes_with_what_is_undefined_noted()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var sports = File.ReadLines(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl")).Where(line => line.Contains("\"Sports\"", StringComparison.Ordinal));
        var content = string.Concat(sports.Take(5).Select(line => line + "\n"));

        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.DatasetAsync("sports.jsonl", content));

        Assert.Equal(WorkflowStatus.Completed, job.Status);
        var result = await fixture.ResultAsync(job.Outcome!);
        Assert.Equal(1, result.Classification!.Accuracy.Value);
        Assert.Null(result.Classification.Mcc.Value);
        Assert.Null(result.Classification.CohenKappa.Value);
        var html = await File.ReadAllTextAsync(fixture.Files("reports").Single(file => file.EndsWith(ReportFiles.Html, StringComparison.Ordinal)));
        foreach (var undefined in new[] { "Matthews correlation is undefined", "kappa is undefined", "ROC AUC is undefined" })
        {
            Assert.Contains(result.Notes, note => note.Contains(undefined, StringComparison.Ordinal));
            Assert.Contains(undefined, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Empty_words_weigh_something()
    {
        var words = new WordsRecord(default, ["", "ab"], null, []);
        Assert.Equal((2 * 32) + 4 + (2 * 4 * 9), ScoreShardActivity.SizeOf(words, labels: 9));
    }
}
