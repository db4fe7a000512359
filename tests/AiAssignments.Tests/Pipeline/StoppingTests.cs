using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Tests.Pipeline;

/// <summary>Cancelling and deleting at every point of an evaluation: the journal's commits are the points.</summary>
public sealed class StoppingTests
{
    private static readonly EvaluationOptions Options = new() { ShardRecords = 40, BootstrapSamples = 100 };

    public static TheoryData<int> Commits => [.. Enumerable.Range(1, 9)];

    [Theory]
    [MemberData(nameof(Commits))]
    public async Task A_cancelled_evaluation_goes_on_when_asked_again_and_ends_the_same(int commit)
    {
        var signal = new AtCommit(commit);
        await using var fixture = await PipelineFixture.OpenAsync(signal);
        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var (id, _) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, Options, CancellationToken.None);
        await Task.WhenAny(signal.Reached, fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None));
        await fixture.Runtime.Evaluations.CancelAsync(id, CancellationToken.None);
        var stopped = await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        Assert.Contains(stopped.Status, new[] { WorkflowStatus.Cancelled, WorkflowStatus.Completed });

        var job = await fixture.EvaluateAsync(model, dataset, Options);
        Assert.Equal(WorkflowStatus.Completed, job.Status);
        Assert.Equal(await Undisturbed.Value, await FiguresAsync(fixture, job.Outcome!));
        Assert.Empty(fixture.Files("work"));
    }

    [Theory]
    [MemberData(nameof(Commits))]
    public async Task A_deleted_evaluation_leaves_nothing_and_can_be_asked_for_anew(int commit)
    {
        var signal = new AtCommit(commit);
        await using var fixture = await PipelineFixture.OpenAsync(signal);
        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var (id, _) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, Options, CancellationToken.None);
        await Task.WhenAny(signal.Reached, fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None));
        Assert.True(await fixture.Runtime.Evaluations.DeleteAsync(id, CancellationToken.None));

        Assert.Null(await fixture.Runtime.Evaluations.FindAsync(id, CancellationToken.None));
        Assert.Empty(fixture.Files("work"));
        Assert.Empty(fixture.Files("reports"));
        Assert.False(await fixture.Runtime.Evaluations.DeleteAsync(id, CancellationToken.None));

        var job = await fixture.EvaluateAsync(model, dataset, Options);
        Assert.Equal(await Undisturbed.Value, await FiguresAsync(fixture, job.Outcome!));
    }

    [Fact]
    public async Task Empty_folders_of_work_that_a_kill_left_are_gone_after_the_next_start_and_a_person_s_stay()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var work = Path.Combine(fixture.DataFolder, "work");
        var own = Directory.CreateDirectory(Path.Combine(fixture.DataFolder, "datasets", "empty"));
        Directory.CreateDirectory(Path.Combine(work, new string('a', 32), "shards"));

        await fixture.ReopenAsync();

        Assert.False(Directory.Exists(work));
        Assert.True(Directory.Exists(own.FullName));
    }

    [Fact]
    public async Task A_deletion_that_was_cut_short_is_finished_at_the_next_start()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var work = Path.Combine(fixture.DataFolder, "work", new string('a', 32));
        var report = Path.Combine(fixture.DataFolder, "reports", "topic--gone--deadbeef");
        var staged = Path.Combine(fixture.DataFolder, "staged");
        foreach (var orphan in new[] { Path.Combine(work, "plan.json"), Path.Combine(report, "report.html"), Path.Combine(staged, new string('b', 32) + "+") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
            await File.WriteAllTextAsync(orphan, "{}");
        }

        await fixture.ReopenAsync();
        Assert.Empty(fixture.Files("work"));
        Assert.Empty(fixture.Files("reports"));
        Assert.Empty(fixture.Files("staged"));
    }

    private static Lazy<Task<string>> Undisturbed { get; } = new(async () =>
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var job = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"), Options);
        return await FiguresAsync(fixture, job.Outcome!);
    });

    private static async Task<string> FiguresAsync(PipelineFixture fixture, AiAssignments.Pipeline.Evaluations.EvaluationOutcome outcome)
    {
        var result = await fixture.ResultAsync(outcome);
        return JsonSerializer.Serialize(new { result.Counts, result.Classification, result.Slices, result.Mistakes }, ReportJson.Options);
    }

    private sealed class AtCommit(int commit) : IJournalObserver
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public void BeforeCommit(long ordinal)
        {
        }

        public void AfterCommit(long ordinal)
        {
            if (ordinal == commit)
            {
                reached.TrySetResult();
            }
        }
    }
}
