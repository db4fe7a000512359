using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Tests.Durable.Hub;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Durable;

/// <summary>The pipeline's own workflows over the durable adapter: the same figures as over the embedded journal.</summary>
public sealed class DurablePipelineTests
{
    [Fact]
    public async Task An_evaluation_has_the_same_figures_as_on_the_embedded_engine()
    {
        var options = EvaluationOptions.Default with { ShardRecords = 10 };
        EvaluationOutcome expected;
        await using (var embedded = await PipelineFixture.OpenAsync())
        {
            var job = await embedded.EvaluateAsync(await embedded.ModelAsync("topic"), await embedded.SampleAsync("topics.jsonl"), options);
            expected = job.Outcome!;
        }

        await using var fixture = new AzureRuntimeFixture();
        var model = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        var (id, started) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, options, CancellationToken.None);
        var done = await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);

        Assert.True(started);
        Assert.Empty(fixture.Hub.Faults);
        Assert.Equal(WorkflowStatus.Completed, done.Status);
        Assert.Equal(expected.EvaluationId, id);
        Assert.Equal(expected.Headline, done.Outcome!.Headline);
        Assert.Equal(expected.MacroF1, done.Outcome.MacroF1);
        Assert.Equal((expected.Records, expected.Bad), (done.Outcome.Records, done.Outcome.Bad));
        Assert.InRange(fixture.Hub.MostRunning, 1, 4);
        Assert.False((await fixture.Runtime.Evaluations.StartAsync(model, dataset, options, CancellationToken.None)).Started);
        Assert.DoesNotContain(await fixture.Blobs.ListAsync("work/", CancellationToken.None).ToListAsync(), _ => true);

        // A report is there, and what it holds does not depend on the engine either.
        await using var stream = await fixture.Blobs.OpenReadAsync(done.Outcome.ReportFolder + ReportFiles.Json, 0, null, CancellationToken.None);
        Assert.Equal(done.Outcome.Records, (await JsonReport.ReadAsync(stream)).Counts.Scored);

        var told = fixture.Progress.All.Where(progress => progress.JobId == id).ToList();
        Assert.Equal(JobStages.Completed, told[^1].Stage);
        var scoring = told.Where(progress => progress.Stage == "scoring").Select(progress => progress.Done).ToList();
        Assert.Equal(scoring.Order(), scoring);
        Assert.Equal(done.Outcome.Records + done.Outcome.Bad, scoring[^1]);
    }

    [Fact]
    public async Task Deleted_while_its_report_is_written_an_evaluation_stays_deleted()
    {
        MomentDocumentStore documents = null!;
        await using var fixture = new AzureRuntimeFixture(parts => parts with { Documents = documents = new MomentDocumentStore(parts.Documents) });
        var model = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        var id = EvaluationId.Of(model.ContentHash, dataset.ContentHash, EvaluationOptions.Default);
        documents.BeforePut = container => container == Containers.Evaluations ? fixture.Runtime.Evaluations.DeleteAsync(id, CancellationToken.None) : Task.CompletedTask;
        var written = new TaskCompletionSource<JsonElement>();
        var activity = fixture.Hub.Activity;
        fixture.Hub.Activity = async (name, input, cancellationToken) =>
        {
            var answer = await activity(name, input, cancellationToken);
            if (name == "WriteReport")
            {
                written.SetResult(answer);
            }

            return answer;
        };

        await fixture.Runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, CancellationToken.None);
        var answer = await written.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("evaluation-not-found", answer.GetProperty("problem").GetProperty("code").GetString());
        Assert.Null(await fixture.Runtime.Evaluations.FindAsync(id, CancellationToken.None));
        Assert.Null(await documents.FindAsync<EvaluationOutcome>(Containers.Evaluations, Containers.Partition, id, CancellationToken.None));
        Assert.Empty(await fixture.Blobs.ListAsync("reports/", CancellationToken.None).ToListAsync());
        Assert.Null((await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Quality);
    }

    [Fact]
    public async Task Started_anew_by_another_process_while_it_is_deleted_an_evaluation_keeps_its_new_result()
    {
        await using var fixture = new AzureRuntimeFixture();
        var model = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        async Task<EvaluationJob> EvaluateAsync()
        {
            var (id, _) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, CancellationToken.None);
            return await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        }

        var first = await EvaluateAsync();
        var other = fixture.Another(parts => parts with { Hub = new PurgedHub(fixture.Hub, EvaluateAsync) });

        Assert.True(await other.Evaluations.DeleteAsync(first.Id, CancellationToken.None));

        Assert.Equal(WorkflowStatus.Completed, (await fixture.Runtime.Evaluations.FindAsync(first.Id, CancellationToken.None))!.Status);
        Assert.NotNull((await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Quality);
        Assert.Equal(6, await fixture.Blobs.ListAsync("reports/", CancellationToken.None).CountAsync());
    }

    private sealed class PurgedHub(TaskHub hub, Func<Task> afterPurge) : PassingHub(hub)
    {
        public override async Task PurgeAsync(string instanceId, CancellationToken cancellationToken)
        {
            await base.PurgeAsync(instanceId, cancellationToken);
            await afterPurge();
        }
    }

    [Fact]
    public async Task A_host_that_is_set_to_measures_the_memory_of_activities()
    {
        await using var fixture = new AzureRuntimeFixture(parts => parts with { ProfileMemory = true });
        var model = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        var (id, _) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, CancellationToken.None);
        var done = await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        Assert.Empty(fixture.Hub.Faults);
        await using var stream = await fixture.Blobs.OpenReadAsync(done.Outcome!.ReportFolder + ReportFiles.Json, 0, null, CancellationToken.None);
        Assert.Equal(["PlanEvaluation", "ScoreShard", "WriteReport"], (await JsonReport.ReadAsync(stream)).Memory!.Select(profile => profile.Subject));
    }

    [Fact]
    public async Task An_optimization_waits_for_evaluations_of_their_own()
    {
        await using var fixture = new AzureRuntimeFixture();
        var model = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        var (id, _) = await fixture.Runtime.Optimizations.StartAsync(
            model, dataset, new QuantizeSpec(), new GateOptions(MaxAccuracyDrop: 0.2), EvaluationOptions.Default, CancellationToken.None);
        var job = await fixture.Runtime.Optimizations.WaitAsync(id, CancellationToken.None);

        Assert.Empty(fixture.Hub.Faults);
        Assert.True(job.Status == WorkflowStatus.Completed, job.Problem?.ToString());
        var evaluations = await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None);
        Assert.Equal(2, evaluations.Count);
        Assert.All(evaluations, evaluation => Assert.Equal(WorkflowStatus.Completed, evaluation.Status));

        // Deleted, it takes along what only it has asked for.
        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(id, CancellationToken.None));
        Assert.Empty(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Two_processes_that_are_told_of_one_drop_at_once_take_it_in_once_and_evaluate_it_once()
    {
        await using var fixture = new AzureRuntimeFixture(parts => parts with { Drops = (datasets, _) => new FileIntake(datasets) });
        var other = fixture.Another(parts => parts with { Drops = (datasets, _) => new FileIntake(datasets) });
        foreach (var model in new[] { "topic", "sentiment" })
        {
            await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, model), null, activate: true, CancellationToken.None);
        }

        // As events that come twice, and as two drops of the same bytes under other names, each to a process of its own.
        var desks = new[] { fixture.Runtime, other }.Select(runtime => new DropDesk(runtime.Workflows, runtime.Intake!)).ToList();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => desks[i % 2].ArrivedAsync(DropKind.Dataset, i < 4 ? "topics.jsonl" : "again/topics.jsonl", CancellationToken.None))));
        foreach (var id in ids)
        {
            var drop = await fixture.Runtime.Workflows.WaitAsync(id!, CancellationToken.None);
            Assert.True(drop.Status == WorkflowStatus.Completed, drop.Problem?.ToString());
        }

        var evaluation = Assert.Single(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None));
        var done = await other.Evaluations.WaitAsync(evaluation.Id, CancellationToken.None);
        Assert.Empty(fixture.Hub.Faults);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal((WorkflowStatus.Completed, 152L), (done.Status, done.Outcome!.Records));
        Assert.Single(await other.Datasets.ListAsync(CancellationToken.None));
        Assert.Single(await fixture.Blobs.ListAsync("staged/", CancellationToken.None).ToListAsync());
        Assert.Equal(6, await fixture.Blobs.ListAsync("reports/", CancellationToken.None).CountAsync());
        Assert.Equal(3, fixture.Hub.Instances.Count(instance => instance.Name != "FanOut"));
    }

    private sealed class FileIntake(DatasetDrop datasets) : IDropIntake
    {
        public Task<string?> FindAsync(DropKind kind, string name, CancellationToken cancellationToken) => Task.FromResult<string?>("\"1\"");

        public async Task<DropTaken> TakeInAsync(DropKind kind, string name, CancellationToken cancellationToken)
        {
            var taken = await datasets.AcceptAsync(Path.Combine(PipelineFixture.SamplesFolder, Path.GetFileName(name)), cancellationToken);
            return new DropTaken(taken.Dataset.Id, taken.Evaluations);
        }
    }

    [Fact]
    public async Task A_drop_that_is_told_of_twice_is_taken_in_once_and_again_when_it_changed()
    {
        var intake = new CountingIntake();
        await using var fixture = new AzureRuntimeFixture(parts => parts with { Drops = (_, _) => intake });
        var desk = new DropDesk(fixture.Runtime.Workflows, intake);
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => desk.ArrivedAsync(DropKind.Dataset, "a/b ü.csv", CancellationToken.None))));
        await fixture.Runtime.Workflows.WaitAsync(ids[0]!, CancellationToken.None);

        Assert.Single(ids.Distinct());
        Assert.Equal(["Dataset a/b ü.csv"], intake.Taken);
        intake.ETag = "\"2\"";
        await fixture.Runtime.Workflows.WaitAsync((await desk.ArrivedAsync(DropKind.Dataset, "a/b ü.csv", CancellationToken.None))!, CancellationToken.None);
        Assert.Equal(2, intake.Taken.Count);
        intake.ETag = null;
        Assert.Null(await desk.ArrivedAsync(DropKind.Dataset, "a/b ü.csv", CancellationToken.None));
    }

    private sealed class CountingIntake : IDropIntake
    {
        public List<string> Taken { get; } = [];

        public string? ETag { get; set; } = "\"1\"";

        public Task<string?> FindAsync(DropKind kind, string name, CancellationToken cancellationToken) => Task.FromResult(ETag);

        public Task<DropTaken> TakeInAsync(DropKind kind, string name, CancellationToken cancellationToken)
        {
            Taken.Add($"{kind} {name}");
            return Task.FromResult(new DropTaken("id", []));
        }
    }
}
