using System.IO.Compression;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Pipeline;

public sealed class DropTests
{
    [Fact]
    public async Task A_dropped_dataset_is_scored_with_every_model_whose_labels_match_and_the_others_are_named()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.ModelAsync("topic");
        await fixture.ModelAsync("sentiment");
        await fixture.ModelAsync("entity");

        var outcome = await fixture.Runtime.Drops.AcceptAsync(Path.Combine(PipelineFixture.SamplesFolder, "sentiment.csv"), CancellationToken.None);
        var job = await fixture.Runtime.Evaluations.WaitAsync(Assert.Single(outcome.Evaluations), CancellationToken.None);

        Assert.Equal(WorkflowStatus.Completed, job.Status);
        Assert.StartsWith("sentiment@", job.Request.Model, StringComparison.Ordinal);
        var skipped = Assert.Single(outcome.Skipped);
        Assert.StartsWith("topic@", skipped.Model, StringComparison.Ordinal);
        Assert.Equal("labels-mismatch", skipped.Reason.Code);
    }

    [Fact]
    public async Task A_compressed_dataset_gives_the_records_of_the_plain_one()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var plain = Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl");
        var packed = fixture.PathOf("topics.jsonl.gz");
        await using (var target = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            await target.WriteAsync(await File.ReadAllBytesAsync(plain));
        }

        var dataset = await fixture.Runtime.Datasets.RegisterAsync(packed, DatasetOptions.Default, CancellationToken.None);
        Assert.Equal("topics.jsonl.gz", dataset.Name);
        Assert.Equal("topics.jsonl", dataset.StagedName);
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), dataset);
        Assert.Equal((await File.ReadAllLinesAsync(plain)).Length, job.Outcome!.Records);
    }

    [Theory]
    [InlineData("empty.csv", "", "dataset-empty")]
    [InlineData("page.csv", "\0\u0001\u0002 not a table at all", "dataset-unrecognized")]
    public async Task What_cannot_be_a_dataset_is_refused_and_leaves_nothing(string name, string content, string code)
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => fixture.DatasetAsync(name, content));
        Assert.Equal(code, refused.Problem.Code);
        Assert.Empty(fixture.Files("staged"));
        Assert.Empty(await fixture.Runtime.Datasets.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_same_bytes_are_taken_in_once_whatever_their_name()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var first = await fixture.DatasetAsync("a.csv", "text,label\ngood,positive\nbad,negative\n");
        var second = await fixture.DatasetAsync("b.csv", "text,label\ngood,positive\nbad,negative\n");
        Assert.Equal(first, second, (a, b) => a.Id == b.Id && a.Name == b.Name);
        Assert.Single(fixture.Files("staged"));
        Assert.True(await fixture.Runtime.Datasets.DeleteAsync(first.Id, CancellationToken.None));
        Assert.Empty(fixture.Files("staged"));
    }

    [Fact]
    public async Task What_a_user_cancelled_or_deleted_is_not_brought_back_by_the_dataset_that_still_lies_there()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.ModelAsync("topic");
        var path = Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl");
        var id = Assert.Single((await fixture.Runtime.Drops.AcceptAsync(path, CancellationToken.None)).Evaluations);
        await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        Assert.True(await fixture.Runtime.Evaluations.DeleteAsync(id, CancellationToken.None));

        await fixture.ReopenAsync();
        var again = await fixture.Runtime.Drops.AcceptAsync(path, CancellationToken.None);
        Assert.Empty(again.Evaluations);
        Assert.Equal(1, again.Stopped);

        var asked = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));
        Assert.Equal(id, asked.Id);
        Assert.Equal(WorkflowStatus.Completed, asked.Status);
        Assert.Single((await fixture.Runtime.Drops.AcceptAsync(path, CancellationToken.None)).Evaluations);
    }

    [Fact]
    public async Task A_dataset_whose_staged_bytes_were_removed_is_staged_again()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var first = await fixture.SampleAsync("topics.jsonl");
        File.Delete(Assert.Single(fixture.Files("staged")));
        var second = await fixture.SampleAsync("topics.jsonl");
        Assert.Equal(first.Id, second.Id);
        Assert.Single(fixture.Files("staged"));
    }

    [Fact]
    public async Task The_sweep_leaves_what_a_person_keeps_among_the_reports()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        foreach (var mine in new[] { "my-saved-run/report.html", "my-notes.md", "topic--old--deadbeef/my-notes.md" })
        {
            var file = Path.Combine(fixture.DataFolder, "reports", mine);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "mine");
        }

        await fixture.ReopenAsync();
        Assert.Equal(3, fixture.Files("reports").Count);
    }
}
