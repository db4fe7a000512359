using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

/// <summary>A sub-workflow that several workflows have asked for belongs to all of them.</summary>
public sealed class SharedChildTests
{
    [Fact]
    public async Task Cancelling_one_parent_leaves_it_to_the_other()
    {
        await using var bench = await BlockedAsync();
        await bench.StartAsync("one");
        await bench.StartAsync("two");
        await Signals.UntilAsync(() => Claims(bench) == 2);

        await bench.Engine.CancelAsync("one", default);

        Assert.Equal(WorkflowStatus.Running, (await bench.Engine.FindAsync("shared", default))!.Status);
        bench.Go.SetResult();
        Assert.Equal("x", (await bench.WaitAsync("two")).Output!.Value.GetString());
        Assert.Equal(["x"], bench.Bench.Ran);

        // Asked again, the cancelled one takes the end that there is.
        Assert.Equal("x", (await bench.Bench.RunAsync("one")).Output!.Value.GetString());
        Assert.Equal(["x"], bench.Bench.Ran);
    }

    [Fact]
    public async Task The_last_one_that_is_cancelled_takes_it_along()
    {
        await using var bench = await BlockedAsync();
        await bench.StartAsync("one");
        await bench.StartAsync("two");
        await Signals.UntilAsync(() => Claims(bench) == 2);

        await bench.Engine.CancelAsync("two", default);
        await bench.Engine.CancelAsync("one", default);

        Assert.Equal(WorkflowStatus.Cancelled, (await bench.Engine.FindAsync("shared", default))!.Status);
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Purging_one_parent_leaves_it_to_the_other_and_the_last_one_takes_it_along(string first, string last)
    {
        await using var bench = await BlockedAsync();
        await bench.StartAsync("one");
        await bench.StartAsync("two");
        await Signals.UntilAsync(() => Claims(bench) == 2);

        Assert.True(await bench.Engine.PurgeAsync(first, default));
        Assert.Equal(WorkflowStatus.Running, (await bench.Engine.FindAsync("shared", default))!.Status);
        bench.Go.SetResult();
        Assert.Equal("x", (await bench.WaitAsync(last)).Output!.Value.GetString());
        Assert.True(await bench.Engine.PurgeAsync(last, default));

        Assert.Null(await bench.Engine.FindAsync("shared", default));
        Assert.Equal(0, bench.Bench.Query<long>("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM instances) + (SELECT count(*) FROM claims)").Single());
    }

    [Fact]
    public async Task One_that_somebody_started_himself_stays_whenever_that_was()
    {
        await using var bench = await BlockedAsync();
        await bench.StartAsync("one");
        await Signals.UntilAsync(() => Claims(bench) == 1);
        Assert.False(await bench.Engine.StartAsync<InnerWorkflow, string, string>("shared", "in", default));

        Assert.True(await bench.Engine.PurgeAsync("one", default));

        bench.Go.SetResult();
        Assert.Equal(WorkflowStatus.Completed, (await bench.WaitAsync("shared")).Status);
    }

    [Theory]
    [InlineData("by another")]
    [InlineData("by another that had asked for it before")]
    [InlineData("by itself")]
    public async Task Asked_for_while_it_is_cancelled_for_another_it_is_done_again(string how)
    {
        var (cancelled, letGo) = (Signals.New(), Signals.New());
        var block = true;
        await using var bench = await LeavingAsync(cancelled, letGo, () => block);
        await bench.StartAsync("one");
        await Signals.UntilAsync(() => !bench.Ran.IsEmpty);
        if (how == "by another that had asked for it before")
        {
            await bench.StartAsync("two");
            await Signals.UntilAsync(() => bench.Query<long>("SELECT count(*) FROM claims").Single() == 2);
            await bench.Engine.CancelAsync("two", default);
        }

        var cancelling = bench.Engine.CancelAsync("one", default);
        await cancelled.Task;
        var asked = Task.FromResult(true);
        if (how == "by itself")
        {
            asked = bench.Engine.StartAsync<InnerWorkflow, string, string>("shared", "in", default);
            await Signals.UntilAsync(() => bench.Query<long>("SELECT count(*) FROM instances WHERE id = 'shared' AND parent IS NULL").Single() == 1);
        }
        else
        {
            await bench.StartAsync("two");
            await Signals.UntilAsync(() => bench.Query<long>("SELECT count(*) FROM journal JOIN instances ON instance = key WHERE id = 'two' AND kind = 1").Single() == 1);
        }

        block = false;
        letGo.SetResult();
        await cancelling;

        Assert.True(await asked);
        Assert.Equal("x", (await bench.WaitAsync(how == "by itself" ? "shared" : "two")).Output!.Value.GetString());
        Assert.Equal(["x", "x"], bench.Ran);
        Assert.Equal(WorkflowStatus.Completed, (await bench.Engine.FindAsync("shared", default))!.Status);
    }

    [Fact]
    public async Task Asked_for_again_while_it_is_cancelled_it_goes_on_once_it_has_ended()
    {
        var (cancelled, letGo) = (Signals.New(), Signals.New());
        var block = true;
        await using var bench = await LeavingAsync(cancelled, letGo, () => block);
        Assert.True(await bench.Engine.StartAsync<InnerWorkflow, string, string>("alone", "in", default));
        await Signals.UntilAsync(() => !bench.Ran.IsEmpty);
        var cancelling = bench.Engine.CancelAsync("alone", default);
        await cancelled.Task;
        var asked = bench.Engine.StartAsync<InnerWorkflow, string, string>("alone", "in", default);

        // What is written is written in order: that start was looked at by now.
        Assert.True(await bench.StartAsync("other"));
        block = false;
        letGo.SetResult();
        await cancelling;

        Assert.True(await asked);
        Assert.Equal("x", (await bench.WaitAsync("alone")).Output!.Value.GetString());
    }

    [Fact]
    public async Task One_that_was_purged_is_done_again_when_its_parent_is_resumed()
    {
        var broken = true;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
                await context.CallWorkflowAsync<InnerWorkflow, string, string>("in", "shared") + await context.CallActivityAsync<OtherActivity, string, string>("after");
            b.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Other = (input, _) => broken ? throw new ProblemException("not-now", "Later.") : Task.FromResult(input);
        });
        Assert.Equal(WorkflowStatus.Failed, (await bench.RunAsync()).Status);
        Assert.True(await bench.Engine.PurgeAsync("shared", default));
        broken = false;

        Assert.Equal("xafter", (await bench.RunAsync()).Output!.Value.GetString());
        Assert.Equal(["x", "after", "x", "after"], bench.Ran);
        Assert.Equal(WorkflowStatus.Completed, (await bench.WaitAsync("shared")).Status);
    }

    [Fact]
    public async Task One_that_failed_for_both_is_done_once_more_when_both_are_asked_again()
    {
        var broken = true;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallWorkflowAsync<InnerWorkflow, string, string>("in", "shared");
            b.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = (input, _) => broken ? throw new ProblemException("not-now", "Later.") : Task.FromResult(input);
        });
        Assert.Equal("not-now", (await bench.RunAsync("one")).Problem!.Code);
        Assert.Equal("not-now", (await bench.RunAsync("two")).Problem!.Code);
        broken = false;
        Assert.Equal(WorkflowStatus.Completed, (await bench.RunAsync("two")).Status);
        Assert.Equal(WorkflowStatus.Completed, (await bench.RunAsync("one")).Status);

        Assert.Equal(3, bench.Ran.Count);
    }

    [Fact]
    public async Task Journals_of_before_know_whose_it_is()
    {
        await using var bench = await BlockedAsync();
        await bench.StartAsync("one");
        await Signals.UntilAsync(() => Claims(bench) == 1);
        await bench.Engine.DisposeAsync();
        bench.Bench.Query<long>("DROP TABLE claims");
        await bench.Bench.RestartAsync();

        Assert.True(await bench.Engine.PurgeAsync("one", default));
        Assert.Null(await bench.Engine.FindAsync("shared", default));
    }

    // Whose work is cancelled says so, and ends when it is let go.
    private static Task<EngineBench> LeavingAsync(TaskCompletionSource cancelled, TaskCompletionSource letGo, Func<bool> blocks) => EngineBench.OpenAsync(bench =>
    {
        bench.Script = (context, _) => context.CallWorkflowAsync<InnerWorkflow, string, string>("in", "shared");
        bench.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
        bench.Work = async (input, token) =>
        {
            if (!blocks())
            {
                return input;
            }

            try
            {
                return await Signals.Forever(token);
            }
            finally
            {
                cancelled.TrySetResult();
                await letGo.Task;
            }
        };
    });

    private static long Claims(Blocked bench) => bench.Bench.Query<long>("SELECT count(*) FROM claims").Single();

    // Two parents wait for one sub-workflow, which waits to be let go.
    private static async Task<Blocked> BlockedAsync()
    {
        var go = Signals.New();
        var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallWorkflowAsync<InnerWorkflow, string, string>("in", "shared");
            b.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = async (input, token) =>
            {
                await go.Task.WaitAsync(token);
                return input;
            };
        });
        return new Blocked(bench, go);
    }

    private sealed record Blocked(EngineBench Bench, TaskCompletionSource Go) : IAsyncDisposable
    {
        public AiAssignments.Embedded.Workflows.SqliteWorkflowEngine Engine => Bench.Engine;

        public Task<bool> StartAsync(string id) => Bench.StartAsync(id);

        public Task<WorkflowState> WaitAsync(string id) => Bench.WaitAsync(id);

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }
}
