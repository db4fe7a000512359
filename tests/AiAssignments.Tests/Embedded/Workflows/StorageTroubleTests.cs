using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Workflows;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class StorageTroubleTests
{
    [Fact]
    public async Task A_full_disk_stops_the_instance_and_nothing_is_lost()
    {
        SqliteConnection? writer = null;
        var filler = new string('x', 3000);
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Configure = connection => writer = connection;
            b.Script = async (context, _) => $"{(await context.FanOutAsync<WorkActivity, string, string>([.. Enumerable.Range(0, 100).Select(i => $"{i}")], 3)).Count}";
            b.Work = (input, _) => Task.FromResult(input + filler);
        });

        // SQLite reports a full disk (SQLITE_FULL) when the file may not grow.
        Limit(writer!, 30);
        var stopped = await bench.RunAsync();
        var journaled = bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 2").Single();
        var ran = bench.Ran.Count;
        Limit(writer!, 1_000_000);
        var resumed = await bench.Engine.ResumeAsync(default);
        var state = await bench.WaitAsync();

        Assert.Equal("storage-full", stopped.Problem!.Code);
        Assert.Equal(WorkflowStatus.Failed, stopped.Status);
        Assert.InRange(journaled, 1, 99);
        Assert.Equal(1, resumed);
        Assert.Null(state.Problem);
        Assert.Equal("100", state.Output!.Value.GetString());
        Assert.Equal(100 - journaled, bench.Ran.Count - ran);
    }

    [Fact]
    public async Task A_locked_journal_stops_the_instance_until_it_is_started_again()
    {
        var reached = Signals.New();
        var go = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.BusyTimeout = TimeSpan.FromMilliseconds(50);
            b.Script = async (context, _) => await context.CallActivityAsync<WorkActivity, string, string>("a") + await context.CallActivityAsync<WorkActivity, string, string>("b");
            b.Work = async (input, _) =>
            {
                if (input == "b")
                {
                    reached.TrySetResult();
                    await go.Task;
                }

                return input;
            };
        });
        await bench.StartAsync();
        await reached.Task;
        await Signals.UntilAsync(() => bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 1").Single() == 2);
        WorkflowState stopped;
        using (var other = new SqliteConnection($"Data Source={bench.JournalFile};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            go.SetResult();
            stopped = await bench.WaitAsync();
            Assert.Equal("storage-locked", (await Assert.ThrowsAsync<ProblemException>(() => bench.StartAsync())).Problem.Code);
        }

        Assert.Equal("storage-locked", stopped.Problem!.Code);
        Assert.Equal("storage-locked", (await bench.Engine.FindAsync("one", default))!.Problem!.Code);
        Assert.True(await bench.StartAsync());
        Assert.Equal("ab", (await bench.WaitAsync()).Output!.Value.GetString());
        Assert.Equal(["a", "b", "b"], bench.Ran);
    }

    [Fact]
    public async Task A_parent_stops_with_its_sub_workflow_and_both_go_on()
    {
        var refusing = new Refusal();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Observer = refusing;
            b.Script = async (context, _) => "outer " + await context.CallWorkflowAsync<InnerWorkflow, string, string>("in");
            b.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = (input, _) =>
            {
                refusing.On = true;
                return Task.FromResult(input);
            };
        });

        var stopped = await bench.RunAsync();
        refusing.On = false;
        bench.Work = (input, _) => Task.FromResult(input);
        Assert.Equal(2, await bench.Engine.ResumeAsync(default));
        var state = await bench.WaitAsync();

        Assert.Equal("storage-full", stopped.Problem!.Code);
        Assert.Equal("outer x", state.Output!.Value.GetString());
        Assert.Equal(1, bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 3 OR kind = 2 AND instance = 1").Single());
    }

    [Fact]
    public async Task Something_that_is_not_a_database_is_refused()
    {
        await using var bench = await EngineBench.OpenAsync(_ => { });
        await bench.Engine.DisposeAsync();
        File.Delete(bench.JournalFile + "-wal");
        File.Delete(bench.JournalFile + "-shm");
        await File.WriteAllTextAsync(bench.JournalFile, new string('x', 5000));

        var problem = Assert.Throws<ProblemException>(() => new SqliteWorkflowEngine(new WorkflowRegistry(), new WorkflowEngineOptions { JournalFile = bench.JournalFile })).Problem;

        Assert.Equal("storage-corrupt", problem.Code);
        Assert.Equal(bench.JournalFile, problem.Where);
    }

    private static void Limit(SqliteConnection writer, int pages)
    {
        using var command = writer.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count={pages}";
        command.ExecuteScalar();
    }

    private sealed class Refusal : IJournalObserver
    {
        public volatile bool On;

        public void BeforeCommit(long ordinal)
        {
            if (On)
            {
                throw new SqliteException("database or disk is full", 13);
            }
        }

        public void AfterCommit(long ordinal)
        {
        }
    }
}
