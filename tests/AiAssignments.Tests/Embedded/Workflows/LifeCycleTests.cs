using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class LifeCycleTests
{
    [Fact]
    public async Task Cancel_reaches_the_activities_and_returns_when_they_have_let_go()
    {
        var started = Signals.New();
        var letGo = false;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = async (_, token) =>
            {
                started.TrySetResult();
                try
                {
                    return await Signals.Forever(token);
                }
                finally
                {
                    await Task.Delay(20, CancellationToken.None);
                    letGo = true;
                }
            };
        });
        await bench.StartAsync();
        await started.Task;

        await bench.Engine.CancelAsync("one", default);

        Assert.True(letGo);
        Assert.Equal(WorkflowStatus.Cancelled, (await bench.Engine.FindAsync("one", default))!.Status);
        Assert.Equal(WorkflowStatus.Cancelled, (await bench.WaitAsync()).Status);
        await bench.Engine.CancelAsync("one", default);
    }

    [Fact]
    public async Task A_cancelled_instance_that_is_started_again_keeps_its_results()
    {
        var block = true;
        var started = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) => await context.CallActivityAsync<WorkActivity, string, string>("a") + await context.CallActivityAsync<WorkActivity, string, string>("b");
            b.Work = (input, token) =>
            {
                if (block && input == "b")
                {
                    started.TrySetResult();
                    return Signals.Forever(token);
                }

                return Task.FromResult(input);
            };
        });
        await bench.StartAsync();
        await started.Task;
        await bench.Engine.CancelAsync("one", default);
        block = false;

        Assert.True(await bench.StartAsync());
        Assert.Equal("ab", (await bench.WaitAsync()).Output!.Value.GetString());
        Assert.Equal(["a", "b", "b"], bench.Ran);
    }

    [Fact]
    public async Task Purge_ends_and_removes_an_instance_with_its_sub_workflows()
    {
        var started = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallWorkflowAsync<InnerWorkflow, string, string>("in");
            b.Inner = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = (_, token) =>
            {
                started.TrySetResult();
                return Signals.Forever(token);
            };
        });
        await bench.StartAsync();
        await started.Task;
        var waiting = bench.WaitAsync();

        Assert.True(await bench.Engine.PurgeAsync("one", default));

        Assert.False(await bench.Engine.PurgeAsync("one", default));
        Assert.Null(await bench.Engine.FindAsync("one", default));
        Assert.Equal(0, bench.Query<long>("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM instances)").Single());
        if (await Record.ExceptionAsync(() => waiting) is { } told)
        {
            Assert.Equal("workflow-not-found", Assert.IsType<ProblemException>(told).Problem.Code);
        }
    }

    [Fact]
    public async Task A_sub_workflow_that_fails_fails_its_parent_and_is_resumed_with_it()
    {
        var broken = true;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallWorkflowAsync<InnerWorkflow, string, string>("in", "mine");
            b.Inner = async (context, _) => await context.CallActivityAsync<OtherActivity, string, string>("kept") + await context.CallActivityAsync<WorkActivity, string, string>("x");
            b.Work = (input, _) => broken ? throw new ProblemException("not-now", "Later.") : Task.FromResult(input);
        });

        var failed = await bench.RunAsync();
        broken = false;
        var state = await bench.RunAsync();

        Assert.Equal("not-now", failed.Problem!.Code);
        Assert.Equal("keptx", state.Output!.Value.GetString());
        Assert.Equal(["kept", "x", "x"], bench.Ran);
        Assert.Equal(WorkflowStatus.Completed, (await bench.WaitAsync("mine")).Status);
    }

    [Fact]
    public async Task A_timer_that_came_due_while_nobody_was_there_fires_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Time = time;
            b.Script = async (context, _) =>
            {
                var start = context.CurrentUtcTime;
                await context.DelayAsync(TimeSpan.FromDays(60));
                return $"{(context.CurrentUtcTime - start).TotalDays}";
            };
        });
        await bench.StartAsync();
        await Signals.UntilAsync(() => bench.Query<long>("SELECT count(*) FROM journal").Single() == 1);
        await bench.Engine.DisposeAsync();
        time.Advance(TimeSpan.FromDays(61));
        await bench.RestartAsync();

        Assert.Equal("61", (await bench.WaitAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task Events_are_kept_for_who_waits_later_and_over_restarts()
    {
        await using var bench = await EngineBench.OpenAsync(b => b.Script = async (context, _) =>
        {
            var first = await context.WaitForEventAsync<string>("first");
            var second = await context.WaitForEventAsync<int>("second");
            return $"{first}{second}{await context.WaitForEventAsync<string>("first")}";
        });
        await bench.StartAsync();
        await bench.Engine.RaiseEventAsync("one", "second", 2, default);
        await bench.Engine.RaiseEventAsync("one", "first", "a", default);
        await bench.RestartAsync();
        await bench.Engine.RaiseEventAsync("one", "first", "b", default);

        Assert.Equal("a2b", (await bench.WaitAsync()).Output!.Value.GetString());
        Assert.Equal("workflow-ended", (await Assert.ThrowsAsync<ProblemException>(() => bench.Engine.RaiseEventAsync("one", "first", "c", default))).Problem.Code);
        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<ProblemException>(() => bench.Engine.RaiseEventAsync("two", "first", "c", default))).Problem.Code);
    }

    [Fact]
    public async Task Continuing_as_new_empties_the_journal_and_carries_events_over()
    {
        HashSet<Guid> guids = [];
        await using var bench = await EngineBench.OpenAsync(b => b.Script = async (context, input) =>
        {
            guids.Add(context.NewGuid());
            var number = await context.WaitForEventAsync<string>("number");
            await context.CallActivityAsync<WorkActivity, string, string>(number);
            if (input.Length < 20)
            {
                context.ContinueAsNew(input + number);
            }

            return input + number;
        });
        await bench.StartAsync(input: string.Empty);
        foreach (var i in Enumerable.Range(0, 21))
        {
            await bench.Engine.RaiseEventAsync("one", "number", $"{i % 10}", default);
        }

        Assert.Equal("012345678901234567890", (await bench.WaitAsync()).Output!.Value.GetString());
        Assert.Equal(21, guids.Count);
        Assert.Equal(3, bench.Query<long>("SELECT count(*) FROM journal").Single());
    }

    [Fact]
    public async Task Observers_hear_of_the_start_the_custom_status_and_the_end_in_order()
    {
        List<WorkflowState> heard = [];
        await using var bench = await EngineBench.OpenAsync(b => b.Script = async (context, _) =>
        {
            foreach (var i in Enumerable.Range(1, 5))
            {
                context.SetCustomStatus(new { Done = i });
                await context.CallActivityAsync<WorkActivity, string, string>($"{i}");
            }

            return "end";
        });
        bench.Engine.Changed += heard.Add;
        bench.Engine.Changed += _ => throw new InvalidOperationException("an observer's own fault");
        await bench.RunAsync();
        await bench.Engine.DisposeAsync();

        var done = heard.Select(state => state.CustomStatus?.GetProperty("done").GetInt32() ?? 0).ToList();
        Assert.Equal(done.Order(), done);
        Assert.Equal(5, done[^1]);
        Assert.Equal(WorkflowStatus.Completed, heard[^1].Status);
        Assert.Equal("end", heard[^1].Output!.Value.GetString());
        Assert.All(heard.SkipLast(1), state => Assert.True(state.Status is WorkflowStatus.Pending or WorkflowStatus.Running));
    }

    [Fact]
    public async Task Instances_are_listed_newest_first()
    {
        await using var bench = await EngineBench.OpenAsync(_ => { });
        foreach (var i in Enumerable.Range(0, 250))
        {
            await bench.StartAsync($"i{i}");
        }

        List<string> ids = [];
        await foreach (var state in bench.Engine.ListAsync(default))
        {
            ids.Add(state.InstanceId);
        }

        Assert.Equal(Enumerable.Range(0, 250).Reverse().Select(i => $"i{i}"), ids);
    }
}
