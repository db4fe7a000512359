using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Live;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Live;

/// <summary>What a watcher is told of evaluations by the whole pipeline.</summary>
public sealed class JobEndTests
{
    [Fact]
    public async Task An_evaluation_that_is_cancelled_says_so_and_one_that_ended_long_ago_is_known_from_the_journal()
    {
        using var folder = new TemporaryFolder();
        var told = new Told();
        string id;
        await using (var live = new LiveProgress(told))
        await using (var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = folder.File("data"), Progress = live }, CancellationToken.None))
        {
            live.Attach(runtime);
            await runtime.RegisterBundledModelsAsync(CancellationToken.None);
            var path = folder.File("many.jsonl");
            await File.WriteAllLinesAsync(path, Enumerable.Range(0, 60_000).Select(line => $"{{\"text\": \"The striker scored {line} goals in the final\", \"label\": \"Sports\"}}"));
            var dropped = await runtime.Drops.AcceptAsync(path, CancellationToken.None);
            id = Assert.Single(dropped.Evaluations);
            await told.SeeAsync(id, "scoring");
            await runtime.Evaluations.CancelAsync(id, CancellationToken.None);
            await told.SeeAsync(id, "cancelled");
            Assert.Equal(WorkflowStatus.Cancelled, (await runtime.Evaluations.FindAsync(id, CancellationToken.None))!.Status);
        }

        await using (var live = new LiveProgress())
        await using (var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = folder.File("data"), Progress = live }, CancellationToken.None))
        {
            live.Attach(runtime);
            var known = await live.Hub.Source!.FindAsync(id, CancellationToken.None);
            Assert.Equal("cancelled", known!.Progress.Stage);
            Assert.Null(await live.Hub.Source.FindAsync(id[..8], CancellationToken.None));
            Assert.Null(await live.Hub.Source.FindAsync(new string('0', 32), CancellationToken.None));
        }
    }

    private sealed class Told : IProgressPublisher
    {
        private readonly HashSet<(string, string)> seen = [];

        public void Publish(JobProgress progress)
        {
            lock (seen)
            {
                seen.Add((progress.JobId, progress.Stage));
            }
        }

        public async Task SeeAsync(string id, string stage)
        {
            for (var waited = 0; waited < 3000; waited++)
            {
                lock (seen)
                {
                    if (seen.Contains((id, stage)))
                    {
                        return;
                    }
                }

                await Task.Delay(10);
            }

            Assert.Fail($"{id} never said {stage}");
        }
    }
}
