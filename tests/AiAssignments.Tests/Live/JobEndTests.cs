using System.Collections.Concurrent;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Live;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Live;

/// <summary>What a watcher is told of evaluations by the whole pipeline.</summary>
public sealed class JobEndTests
{
    private const string Title = @"^topic@[0-9a-f]+ on many\.jsonl$";

    [Fact]
    public async Task Whoever_is_told_that_an_evaluation_is_completed_finds_it_so()
    {
        using var folder = new TemporaryFolder();
        EmbeddedRuntime? opened = null;
        WorkflowStatus? found = null;
        var told = new Told(progress =>
        {
            if (progress.Stage == JobStages.Completed)
            {
                found = opened!.Evaluations.FindAsync(progress.JobId, CancellationToken.None).GetAwaiter().GetResult()!.Status;
            }
        });
        await using var runtime = opened = await OpenAsync(folder, told);
        var id = await DropAsync(runtime, folder);
        var end = await told.SeeAsync(id, JobStages.Completed);
        Assert.Equal(WorkflowStatus.Completed, found);
        Assert.Equal((20, 20), (end.Done, end.Total));
        Assert.Matches(Title, end.Title);
    }

    [Fact]
    public async Task An_evaluation_that_is_cancelled_says_so_and_one_that_ended_long_ago_is_known_from_the_journal()
    {
        using var folder = new TemporaryFolder();
        var gate = new Gate();
        var told = new Told(progress => gate.Closed |= progress.Stage == "scoring");
        string id;
        await using (var runtime = await OpenAsync(folder, told, gate))
        {
            id = await DropAsync(runtime, folder);
            await told.SeeAsync(id, "scoring");
            await runtime.Evaluations.CancelAsync(id, CancellationToken.None);
            Assert.Matches(Title, (await told.SeeAsync(id, JobStages.Cancelled)).Title);
        }

        await using (var live = new LiveProgress())
        await using (var runtime = await OpenAsync(folder, live))
        {
            live.Attach(runtime);
            var known = await live.Hub.Source!.FindAsync(id, CancellationToken.None);
            Assert.Equal(JobStages.Cancelled, known!.Progress.Stage);
            Assert.Null(await live.Hub.Source.FindAsync(id[..8], CancellationToken.None));
            Assert.Null(await live.Hub.Source.FindAsync(new string('0', 32), CancellationToken.None));
        }
    }

    [Fact]
    public async Task An_evaluation_that_is_deleted_while_it_runs_ends_for_its_watchers()
    {
        using var folder = new TemporaryFolder();
        var gate = new Gate();
        var told = new Told(progress => gate.Closed |= progress.Stage == "scoring");
        await using var runtime = await OpenAsync(folder, told, gate);
        var id = await DropAsync(runtime, folder);
        await told.SeeAsync(id, "scoring");
        await runtime.Evaluations.DeleteAsync(id, CancellationToken.None);
        await told.SeeAsync(id, JobStages.Cancelled);
        Assert.Null(await runtime.Evaluations.FindAsync(id, CancellationToken.None));
    }

    private static async Task<EmbeddedRuntime> OpenAsync(TemporaryFolder folder, IProgressPublisher told, Gate? gate = null)
    {
        var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = folder.File("data"), Progress = told, CreateTemporary = gate is null ? null : gate.Create }, CancellationToken.None);
        await runtime.RegisterBundledModelsAsync(CancellationToken.None);
        return runtime;
    }

    // The sample models may be of several tasks; the dataset is of one that a single model has.
    private static async Task<string> DropAsync(EmbeddedRuntime runtime, TemporaryFolder folder)
    {
        var path = folder.File("many.jsonl");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 20).Select(line => $"{{\"text\": \"The striker scored {line} goals in the final\", \"label\": \"Sports\"}}"));
        return Assert.Single((await runtime.Drops.AcceptAsync(path, CancellationToken.None)).Evaluations);
    }

    /// <summary>While it is closed no blob is finished: whoever writes one waits until it is told to stop.</summary>
    private sealed class Gate
    {
        private volatile bool closed;

        public bool Closed
        {
            get => closed;
            set => closed = value;
        }

        public Stream Create(string file) => new GatedFile(this, file);

        private sealed class GatedFile(Gate gate, string file) : FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite)
        {
            public override async Task FlushAsync(CancellationToken cancellationToken)
            {
                if (gate.Closed)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                await base.FlushAsync(cancellationToken);
            }
        }
    }

    private sealed class Told(Action<JobProgress> also) : IProgressPublisher
    {
        private readonly ConcurrentDictionary<(string, string), TaskCompletionSource<JobProgress>> seen = new();

        public void Publish(JobProgress progress)
        {
            also(progress);
            Of(progress.JobId, progress.Stage).TrySetResult(progress);
        }

        public Task<JobProgress> SeeAsync(string id, string stage) => Of(id, stage).Task.WaitAsync(TimeSpan.FromMinutes(1));

        private TaskCompletionSource<JobProgress> Of(string id, string stage) =>
            seen.GetOrAdd((id, stage), static _ => new TaskCompletionSource<JobProgress>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
