using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Tests.Durable.Hub;

namespace AiAssignments.Tests.Durable;

/// <summary>The client: one instance an id, whatever happens around it.</summary>
public sealed class DurableClientTests
{
    [Fact]
    public async Task Asked_for_by_many_at_once_it_is_started_once()
    {
        await using var fixture = new DurableFixture();
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => fixture.StartAsync<WideWorkflow, WideInput, long>("one", new WideInput(10, 3)))));
        await fixture.WaitAsync("one");

        Assert.Single(started, began => began);
        Assert.Equal(10, fixture.Attempts);
        Assert.False(await fixture.StartAsync<WideWorkflow, WideInput, long>("one", new WideInput(10, 3)));
        Assert.Equal(10, fixture.Attempts);
    }

    [Fact]
    public async Task A_failed_one_starts_anew_and_leaves_nothing_behind()
    {
        var broken = true;
        await using var fixture = new DurableFixture(input => broken && input == 90 ? throw new ProblemException("probe-refused", "Not yet.") : Task.FromResult(input));
        Assert.Equal(WorkflowStatus.Failed, (await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4))).Status);
        broken = false;

        Assert.True(await fixture.StartAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4)));
        var state = await fixture.WaitAsync("wide");

        Assert.Equal(4950, state.Output!.Value.GetInt64());
        Assert.All(fixture.Hub.Instances, instance => Assert.Equal(DurableStatus.Completed, instance.Status));
    }

    [Fact]
    public async Task Cancelling_ends_it_with_its_shares_and_tells()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(async input =>
        {
            await gate.WaitAsync(TimeSpan.FromSeconds(20));
            return input;
        });
        await fixture.StartAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4));
        while (fixture.Hub.MostRunning < 4)
        {
            await Task.Delay(1);
        }

        await fixture.Client.CancelAsync("wide", CancellationToken.None);
        gate.Release(1000);

        Assert.Equal(WorkflowStatus.Cancelled, (await fixture.Client.FindAsync("wide", CancellationToken.None))!.Status);
        Assert.All(fixture.Hub.Instances, instance => Assert.Equal(DurableStatus.Terminated, instance.Status));
        Assert.Contains(fixture.Told.All, state => state.Status == WorkflowStatus.Cancelled);
        await fixture.Client.CancelAsync("wide", CancellationToken.None);
        Assert.True(await fixture.Client.PurgeAsync("wide", CancellationToken.None));
        Assert.Empty(fixture.Hub.Instances);
        Assert.False(await fixture.Client.PurgeAsync("wide", CancellationToken.None));
    }

    [Fact]
    public async Task What_ends_by_itself_while_it_is_cancelled_is_no_error()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("one", new WideInput(1, 1));
        var late = new DurableWorkflowClient(new LateHub(fixture.Hub), fixture.Registry, fixture.Clock, fixture.Told.Add);
        await late.CancelAsync("one", CancellationToken.None);

        Assert.Equal(WorkflowStatus.Completed, (await late.FindAsync("one", CancellationToken.None))!.Status);
        Assert.DoesNotContain(fixture.Told.All, state => state.Status == WorkflowStatus.Cancelled);
    }

    [Fact]
    public async Task A_workflow_that_another_began_is_waited_for_and_not_done_again()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2));
        Assert.Equal(30, (await fixture.RunAsync<JoiningWorkflow, string, long>("a", "shared")).Output!.Value.GetInt64());
        Assert.Equal(5, fixture.Attempts);

        Assert.Equal(30, (await fixture.RunAsync<JoiningWorkflow, string, long>("b", "another")).Output!.Value.GetInt64());
        Assert.Equal(10, fixture.Attempts);
        Assert.Equal(WorkflowStatus.Completed, (await fixture.Client.FindAsync("another", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task A_workflow_that_is_waited_for_and_cancelled_fails_who_waits()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(async input =>
        {
            await gate.WaitAsync(TimeSpan.FromSeconds(20));
            return input;
        });
        await fixture.StartAsync<JoiningWorkflow, string, long>("a", "shared");
        while (fixture.Hub.MostRunning == 0 || await fixture.Client.FindAsync("shared", CancellationToken.None) is null)
        {
            await Task.Delay(1);
        }

        await fixture.Client.CancelAsync("shared", CancellationToken.None);
        gate.Release(100);

        Assert.Equal("workflow-cancelled", (await fixture.WaitAsync("a")).Problem!.Code);
    }

    [Fact]
    public async Task The_list_is_newest_first_over_years_and_has_workflows_only()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("old", new WideInput(100, 8));
        await fixture.RunAsync<WideWorkflow, WideInput, long>("new", new WideInput(2, 1));
        fixture.Clock.Advance(TimeSpan.FromDays(500));

        var listed = new List<WorkflowState>();
        await foreach (var state in fixture.Client.ListAsync(CancellationToken.None))
        {
            listed.Add(state);
        }

        Assert.Equal(["new", "old"], listed.Select(state => state.InstanceId));
        Assert.Equal(100, listed[1].Input!.Value.GetProperty("count").GetInt32());
        Assert.True(fixture.Hub.Instances.Count > 2);
    }

    [Fact]
    public async Task Shares_go_once_their_workflow_has_ended()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 8));
        var shares = fixture.Hub.Instances.Count - 1;
        Assert.True(shares > 1);
        fixture.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(shares, await fixture.Client.SweepAsync(CancellationToken.None));
        Assert.Equal("wide", Assert.Single(fixture.Hub.Instances).Id);
    }

    [Fact]
    public async Task What_only_a_cancelled_one_waited_for_is_cancelled_with_it()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        await fixture.StartAsync<JoiningWorkflow, string, long>("a", "shared");
        await fixture.StartAsync<JoiningWorkflow, string, long>("b", "shared");
        await ClaimedAsync(fixture, "shared", looks: 2);

        await fixture.Client.CancelAsync("a", CancellationToken.None);
        Assert.Equal(WorkflowStatus.Running, (await fixture.Client.FindAsync("shared", CancellationToken.None))!.Status);
        await fixture.Client.CancelAsync("b", CancellationToken.None);
        Assert.Equal(WorkflowStatus.Cancelled, (await fixture.Client.FindAsync("shared", CancellationToken.None))!.Status);
        gate.Release(100);

        // And goes with the last that is deleted.
        Assert.True(await fixture.Client.PurgeAsync("a", CancellationToken.None));
        Assert.NotNull(await fixture.Client.FindAsync("shared", CancellationToken.None));
        Assert.True(await fixture.Client.PurgeAsync("b", CancellationToken.None));
        Assert.Empty(fixture.Hub.Instances);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_somebody_started_himself_stays_whenever_that_was(bool before)
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        if (before)
        {
            Assert.True(await fixture.StartAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2)));
        }

        await fixture.StartAsync<JoiningWorkflow, string, long>("a", "shared");
        await ClaimedAsync(fixture, "shared", looks: 1);
        if (!before)
        {
            Assert.False(await fixture.StartAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2)));
        }

        await fixture.Client.CancelAsync("a", CancellationToken.None);
        Assert.True(await fixture.Client.PurgeAsync("a", CancellationToken.None));
        gate.Release(100);

        Assert.Equal(WorkflowStatus.Completed, (await fixture.WaitAsync("shared")).Status);
    }

    [Fact]
    public async Task Two_processes_that_start_a_failed_one_anew_at_once_start_one()
    {
        var broken = true;
        await using var fixture = new DurableFixture(input => broken && input == 90 ? throw new ProblemException("probe-refused", "Not yet.") : Task.FromResult(input));
        Assert.Equal(WorkflowStatus.Failed, (await fixture.RunAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4))).Status);
        broken = false;
        var slow = new SlowHub(fixture.Hub);
        var late = Task.Run(() => fixture.NewClient(slow).StartAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4), CancellationToken.None));
        await slow.Found.Task;

        // Seen as failed by the one; begun, and under way, by the other.
        Assert.True(await fixture.StartAsync<WideWorkflow, WideInput, long>("wide", new WideInput(100, 4)));
        var running = fixture.Hub.Get("wide");
        slow.GoOn.SetResult();

        Assert.False(await late);
        Assert.Equal(4950, (await fixture.WaitAsync("wide")).Output!.Value.GetInt64());
        Assert.Same(running, fixture.Hub.Get("wide"));
        Assert.All(fixture.Hub.Instances, instance => Assert.Equal(DurableStatus.Completed, instance.Status));
    }

    [Fact]
    public async Task What_failed_goes_after_a_month_and_what_completed_stays()
    {
        await using var fixture = new DurableFixture(input => input == 1 ? throw new ProblemException("probe-refused", "Never.") : Task.FromResult(input));
        await fixture.RunAsync<WideWorkflow, WideInput, long>("failed", new WideInput(2, 1));
        await fixture.RunAsync<WideWorkflow, WideInput, long>("done", new WideInput(1, 1));
        fixture.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(0, await fixture.Client.SweepAsync(CancellationToken.None));
        fixture.Clock.Advance(TimeSpan.FromDays(20));

        Assert.Equal(1, await fixture.Client.SweepAsync(CancellationToken.None));
        Assert.Equal("done", Assert.Single(fixture.Hub.Instances).Id);
    }

    [Fact]
    public async Task What_somebody_starts_anew_while_it_expires_stays_and_what_cannot_be_removed_keeps_no_other()
    {
        using var gate = new SemaphoreSlim(0);
        var broken = true;
        await using var fixture = new DurableFixture(input => broken ? throw new ProblemException("probe-refused", "Not yet.") : HoldAsync(gate, input));
        foreach (var id in new[] { "again", "stuck", "failed" })
        {
            await fixture.RunAsync<WideWorkflow, WideInput, long>(id, new WideInput(2, 1));
        }

        broken = false;
        fixture.Clock.Advance(TimeSpan.FromDays(40));
        var hub = new ExpiringHub(fixture.Hub) { BeforeFindAgain = async () => Assert.True(await fixture.StartAsync<WideWorkflow, WideInput, long>("again", new WideInput(2, 1))) };

        Assert.Equal("stuck", (await Assert.ThrowsAsync<IOException>(() => fixture.NewClient(hub).SweepAsync(CancellationToken.None))).Message);

        Assert.Equal(["again", "stuck"], fixture.Hub.Instances.Select(instance => instance.Id).Where(id => !id.Contains(':', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        gate.Release(100);
        Assert.Equal(WorkflowStatus.Completed, (await fixture.WaitAsync("again")).Status);
    }

    [Fact]
    public async Task What_an_expired_workflow_had_asked_for_is_kept_for_its_result()
    {
        await using var fixture = new DurableFixture();
        Assert.Equal(WorkflowStatus.Completed, (await fixture.RunAsync<JoiningWorkflow, string, long>("done", "shared")).Status);
        await new DurableClaims(fixture.Documents).PutAsync("failed", "shared", CancellationToken.None);
        await new DurableClaims(fixture.Documents).RemoveAllAsync("done", CancellationToken.None);
        await fixture.RunAsync<RefusingWorkflow, int, int>("failed", 1);
        fixture.Clock.Advance(TimeSpan.FromDays(40));

        Assert.Equal(1, await fixture.Client.SweepAsync(CancellationToken.None));

        Assert.Null(await fixture.Client.FindAsync("failed", CancellationToken.None));
        Assert.Equal(WorkflowStatus.Completed, (await fixture.Client.FindAsync("shared", CancellationToken.None))!.Status);
        Assert.Empty(await new DurableClaims(fixture.Documents).ParentsAsync("shared", CancellationToken.None));
    }

    [Fact]
    public async Task What_somebody_started_himself_is_his_as_long_as_another_s_claim_is_kept()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        await fixture.StartAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2));
        await fixture.StartAsync<JoiningWorkflow, string, long>("a", "shared");
        await ClaimedAsync(fixture, "shared", looks: 1);
        var first = await OwnAsync();

        await fixture.StartAsync<JoiningWorkflow, string, long>("b", "shared");
        await ClaimedAsync(fixture, "shared", looks: 2);
        gate.Release(100);

        // Written again, it expires with the claim that came last.
        Assert.NotEqual(first, await OwnAsync());

        async Task<string> OwnAsync() => Assert.Single((await fixture.Documents.QueryAsync<JsonElement>(
            "jobs", "all", new DocumentQuery { Filters = [new DocumentFilter("parent", "=", DurableClaims.Own)] }, CancellationToken.None)).Items).ETag;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\u0001")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    public async Task An_id_that_no_hub_takes_is_refused_and_found_nowhere(string id)
    {
        await using var fixture = new DurableFixture();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => fixture.StartAsync<WideWorkflow, WideInput, long>(id, new WideInput(1, 1)));
        Assert.Equal("instance-id-invalid", refused.Problem.Code);
        Assert.Null(await fixture.Client.FindAsync(id, CancellationToken.None));
        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<ProblemException>(() => fixture.Client.CancelAsync(id, CancellationToken.None))).Problem.Code);
        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<ProblemException>(() => fixture.Client.WaitAsync(new string('x', 5000), CancellationToken.None))).Problem.Code);
    }

    [Fact]
    public async Task An_id_of_another_workflow_and_an_event_for_an_ended_one_are_refused()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("one", new WideInput(1, 1));

        Assert.Equal("workflow-id-conflict", (await Assert.ThrowsAsync<ProblemException>(() => fixture.StartAsync<RefusingWorkflow, int, int>("one", 1))).Problem.Code);
        Assert.Equal("workflow-ended", (await Assert.ThrowsAsync<ProblemException>(() => fixture.Client.RaiseEventAsync("one", "go", 1, CancellationToken.None))).Problem.Code);
        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<ProblemException>(() => fixture.Client.RaiseEventAsync("two", "go", 1, CancellationToken.None))).Problem.Code);
    }

    private static async Task<int> HoldAsync(SemaphoreSlim gate, int input)
    {
        await gate.WaitAsync(TimeSpan.FromSeconds(20));
        return input;
    }

    // Who has looked for the first time has two episodes of four events behind him, and waits for a timer.
    private static Task ClaimedAsync(DurableFixture fixture, string id, int looks) => Caching.Eventually.HoldsAsync(async () =>
        await fixture.Client.FindAsync(id, CancellationToken.None) is not null
        && fixture.Hub.Instances.Count(instance => instance.Name == "Joining" && instance.Events >= 8) >= looks);

    /// <summary>Shows what has ended as running, the first time that it is asked for.</summary>
    private sealed class LateHub(TaskHub hub) : PassingHub(hub)
    {
        private bool asked;

        public override async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken)
        {
            var found = await base.FindAsync(instanceId, cancellationToken);
            (var first, asked) = (!asked, true);
            return first ? found! with { Status = DurableStatus.Running } : found;
        }
    }

    /// <summary>One job is started anew after it was listed, and another cannot be removed.</summary>
    private sealed class ExpiringHub(TaskHub hub) : PassingHub(hub)
    {
        public required Func<Task> BeforeFindAgain { get; init; }

        public override async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken)
        {
            await (instanceId == "again" ? BeforeFindAgain() : Task.CompletedTask);
            return await base.FindAsync(instanceId, cancellationToken);
        }

        public override Task PurgeAsync(string instanceId, CancellationToken cancellationToken) =>
            instanceId == "stuck" ? throw new IOException("stuck") : base.PurgeAsync(instanceId, cancellationToken);
    }

    /// <summary>Answers slowly the first time that it is asked for an instance: much happens meanwhile.</summary>
    private sealed class SlowHub(TaskHub hub) : PassingHub(hub)
    {
        public TaskCompletionSource Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken)
        {
            var found = await base.FindAsync(instanceId, cancellationToken);
            Found.TrySetResult();
            await GoOn.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            return found;
        }
    }
}
