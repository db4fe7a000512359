using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Durable;

/// <summary>The context over histories that are replayed from their start with each message.</summary>
public sealed class DurableContextTests
{
    [Fact]
    public async Task Everything_that_a_context_offers_survives_replays_and_a_new_history()
    {
        await using var fixture = new DurableFixture(input => input < 0 ? throw new ProblemException("probe-refused", "No.") : Task.FromResult(input * input));
        await fixture.StartAsync<MixedWorkflow, int, string>("mixed", 0);
        for (var round = 0; round < 3; round++)
        {
            await fixture.Client.RaiseEventAsync("mixed", "go", $"round {round}", CancellationToken.None);
        }

        var state = await fixture.WaitAsync("mixed");

        Assert.Equal(WorkflowStatus.Completed, state.Status);
        Assert.Equal("2 5 round 2 probe-refused False", state.Output!.Value.GetString());

        // A refusal is an answer and is not tried again: three children of three activities, and three refusals.
        Assert.Equal(12, fixture.Attempts);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(32, 1)]
    [InlineData(33, 5)]
    [InlineData(200, 7)]
    public async Task A_fan_out_gives_results_in_order_and_holds_its_width(int count, int width)
    {
        await using var fixture = new DurableFixture(async input =>
        {
            await Task.Yield();
            return input * input;
        });
        var state = await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(count, width));

        Assert.Equal(Enumerable.Range(0, count).Sum(input => (long)input * input), state.Output!.Value.GetInt64());
        Assert.Equal(count, fixture.Attempts);
        Assert.InRange(fixture.Hub.MostRunning, Math.Min(1, count), width);
        Assert.Equal(count, count == 0 ? 0 : state.CustomStatus!.Value.GetProperty("done").GetInt32());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(2)]
    public async Task A_thousand_shards_keep_every_history_small(int width)
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(1000, width));

        // Counted: 4 events a share or an activity at most (asked, done, and the two marks of a replay), 64 activities a share at most.
        // As one flat history it would be 4,003 events, each replay through all that came before.
        Assert.Equal(1000, fixture.Attempts);
        Assert.All(fixture.Hub.Instances, instance =>
        {
            Assert.InRange(instance.Events, 1, 270);
            Assert.InRange(instance.Bytes, 1, 32_000);
        });
        Assert.InRange(fixture.Hub.Instances.Sum(instance => instance.Events), 1, 4_600);
        Assert.InRange(fixture.Hub.Instances.Sum(instance => instance.Bytes), 1, 450_000);
        Assert.InRange(fixture.Hub.MostRunning, 1, width);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public async Task One_failure_ends_a_fan_out_and_no_more_is_begun(int count)
    {
        await using var fixture = new DurableFixture(input => input == 3 ? throw new ProblemException("probe-refused", "Not three.") : Task.FromResult(1));
        var state = await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(count, 1));

        Assert.Equal(WorkflowStatus.Failed, state.Status);
        Assert.Equal(new Problem("probe-refused", "Not three."), state.Problem);
        Assert.Equal(4, fixture.Attempts);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_by_the_engine_and_no_more_often_than_the_policy_says()
    {
        var left = 2;
        await using (var fixture = new DurableFixture(input => left-- > 0 ? throw new IOException("cut") : Task.FromResult(7)))
        {
            Assert.Equal(WorkflowStatus.Completed, (await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(1, 1))).Status);
            Assert.Equal(3, fixture.Attempts);
        }

        left = 2;
        await using (var fixture = new DurableFixture(input => left-- > 0 ? throw new ProblemException("server-unavailable", "None.") { RetryAfter = TimeSpan.FromSeconds(1) } : Task.FromResult(7)))
        {
            Assert.Equal(WorkflowStatus.Completed, (await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(1, 1))).Status);
            Assert.Equal(3, fixture.Attempts);
        }

        await using (var fixture = new DurableFixture(_ => throw new ProblemException("storage-locked", "Someone has it.")))
        {
            var state = await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(1, 1));
            Assert.Equal("storage-locked", state.Problem!.Code);
            Assert.Equal(RetryPolicy.Default.MaxAttempts, fixture.Attempts);
        }
    }

    [Fact]
    public async Task A_full_queue_is_asked_again_until_there_is_room_and_is_no_failure()
    {
        var full = 40;
        await using var fixture = new DurableFixture(input => Interlocked.Decrement(ref full) >= 0
            ? throw new ProblemException("queue-full", "All are full.") { RetryAfter = TimeSpan.FromSeconds(3) }
            : Task.FromResult(input));
        var began = fixture.Hub.Now;
        var state = await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(4, 2));

        Assert.Equal(WorkflowStatus.Completed, state.Status);
        Assert.Equal(44, fixture.Attempts);
        Assert.True(fixture.Hub.Now - began > TimeSpan.FromMinutes(10), "It waits longer and longer.");
        Assert.True(fixture.Hub.Now - began < DurableActivities.Patience, "It comes back.");
    }

    [Fact]
    public void Those_who_come_back_do_not_come_together_and_wait_at_least_as_asked()
    {
        var waits = Enumerable.Range(0, 50).Select(shard => DurableActivities.BackOff(3, 0, JsonSerializer.SerializeToElement(new { shard }))).ToList();
        Assert.All(waits, wait => Assert.InRange(wait.TotalSeconds, 3, 3.75));
        Assert.True(waits.Distinct().Count() > 40);
        Assert.InRange(DurableActivities.BackOff(3, 60, JsonSerializer.SerializeToElement(1)).TotalMinutes, 5, 6.25);
        Assert.Equal(DurableActivities.BackOff(3, 5, JsonSerializer.SerializeToElement("x")), DurableActivities.BackOff(3, 5, JsonSerializer.SerializeToElement("x")));
    }

    [Fact]
    public async Task Another_version_of_the_code_does_not_replay_a_history()
    {
        await using var fixture = new DurableFixture();
        await fixture.StartAsync<MixedWorkflow, int, string>("mixed", 0);
        await using var newer = new DurableFixture(mixedVersion: 2);
        DurableFixture.Attach(fixture.Hub, newer.Workflows);
        await fixture.Client.RaiseEventAsync("mixed", "go", "now", CancellationToken.None);

        Assert.Equal("workflow-version-unknown", (await fixture.WaitAsync("mixed")).Problem!.Code);
    }

    [Fact]
    public async Task What_is_told_is_told_once_however_often_it_is_replayed()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(6, 2));

        Assert.Equal([1, 2, 3, 4, 5, 6], fixture.Told.All.Where(state => state.Status == WorkflowStatus.Running).Select(state => state.CustomStatus!.Value.GetProperty("done").GetInt32()));
        Assert.Equal(55, Assert.Single(fixture.Told.All, state => state.Status == WorkflowStatus.Completed).Output!.Value.GetInt64());
    }

    [Fact]
    public async Task A_workflow_that_refuses_fails_with_its_problem()
    {
        await using var fixture = new DurableFixture();
        var state = await fixture.RunAsync<RefusingWorkflow, int, int>("no", 1);

        Assert.Equal(new Problem("probe-refused", "It never does this.", "here"), state.Problem);
        Assert.Equal(WorkflowStatus.Failed, Assert.Single(fixture.Told.All).Status);
    }

    [Fact]
    public void What_an_engine_says_is_shown_as_it_is()
    {
        Assert.Equal(new Problem("internal-error", "The orchestration broke."), new DurableCallException("The orchestration broke.").Problem);
        Assert.Equal(new Problem("internal-error", "{not json"), new DurableCallException("{not json").Problem);
        Assert.Equal(new Problem("internal-error", "{\"code\":7}"), new DurableCallException("{\"code\":7}").Problem);
        Assert.Equal(new Problem("a-b", "c", "d"), new DurableCallException(new Problem("a-b", "c", "d")).Problem);
    }
}
