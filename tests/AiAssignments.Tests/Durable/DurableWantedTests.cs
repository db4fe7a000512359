using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Durable.Hub;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Durable;

/// <summary>A workflow that is asked for in the very moment in which it is cancelled with another that had asked for it.</summary>
public sealed class DurableWantedTests
{
    [Fact]
    public async Task By_somebody_himself_it_starts_anew()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = await WaitedForAsync(gate);
        var hub = new MomentHub(fixture.Hub) { BeforeEnd = async () => Assert.False(await fixture.StartAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2))) };

        await fixture.NewClient(hub).CancelAsync("a", CancellationToken.None);
        gate.Release(100);

        Assert.Equal(10, (await fixture.WaitAsync("shared")).Output!.Value.GetInt64());
        Assert.DoesNotContain(fixture.Told.All, state => state is { InstanceId: "shared", Status: WorkflowStatus.Cancelled });
        Assert.Contains(fixture.Told.All, state => state is { InstanceId: "a", Status: WorkflowStatus.Cancelled });

        // And is his from now on.
        Assert.True(await fixture.Client.PurgeAsync("a", CancellationToken.None));
        Assert.NotNull(await fixture.Client.FindAsync("shared", CancellationToken.None));
    }

    [Fact]
    public async Task By_another_workflow_it_starts_anew_and_that_one_gets_its_result()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = await WaitedForAsync(gate);
        var looked = default(JsonElement);
        var hub = new MomentHub(fixture.Hub)
        {
            BeforeEnd = () => AskAsync(fixture, "b"),
            AfterEnd = async () =>
            {
                // Who waits looks while it is gone; whoever cancels has not looked yet.
                var client = new DurableWorkflowClient(fixture.Hub, fixture.Registry, new FakeTimeProvider(fixture.Hub.Now), null, fixture.Documents);
                var call = DurableJson.Element(new ActivityCall(DurableJson.Element(new JoinCall("Wide", "shared", null), "test"), null), "test");
                looked = await new DurableWorkflows(fixture.Registry, client).JoinAsync(call, CancellationToken.None);
                Assert.Equal(DurableStatus.Terminated, fixture.Hub.Get("shared").Status);
            },
        };

        await fixture.NewClient(hub).CancelAsync("a", CancellationToken.None);
        gate.Release(100);

        Assert.False(looked.GetProperty("value").GetProperty("ended").GetBoolean());
        Assert.Equal(10, (await fixture.WaitAsync("b")).Output!.Value.GetInt64());
        Assert.Equal(WorkflowStatus.Cancelled, (await fixture.Client.FindAsync("a", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Where_whoever_cancelled_died_a_workflow_that_waits_starts_it_anew()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = await WaitedForAsync(gate);
        using var process = new CancellationTokenSource();
        var hub = new MomentHub(fixture.Hub)
        {
            BeforeEnd = () => AskAsync(fixture, "b"),
            AfterEnd = async () =>
            {
                await process.CancelAsync();
                process.Token.ThrowIfCancellationRequested();
            },
        };

        await Assert.ThrowsAsync<OperationCanceledException>(() => fixture.NewClient(hub).CancelAsync("a", process.Token));
        Assert.Equal(DurableStatus.Terminated, fixture.Hub.Get("shared").Status);
        gate.Release(100);

        Assert.Equal(10, (await fixture.WaitAsync("b")).Output!.Value.GetInt64());
    }

    [Fact]
    public async Task Asked_for_again_itself_the_cancelled_one_keeps_what_it_waits_for()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = await WaitedForAsync(gate);
        var hub = new MomentHub(fixture.Hub) { BeforeEnd = () => AskAsync(fixture, "a") };

        await fixture.NewClient(hub).CancelAsync("a", CancellationToken.None);
        gate.Release(100);

        Assert.Equal(10, (await fixture.WaitAsync("a")).Output!.Value.GetInt64());
    }

    [Fact]
    public async Task Begun_by_a_workflow_while_somebody_asks_it_stays_his()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        var hub = new MomentHub(fixture.Hub) { BeforeFind = () => AskAsync(fixture, "a") };

        // He has seen that nobody asked for it, and finds it under way.
        Assert.False(await fixture.NewClient(hub).StartAsync<WideWorkflow, WideInput, long>("shared", new WideInput(5, 2), CancellationToken.None));
        await fixture.Client.CancelAsync("a", CancellationToken.None);
        gate.Release(100);

        Assert.Equal(WorkflowStatus.Completed, (await fixture.WaitAsync("shared")).Status);
    }

    [Fact]
    public async Task Asked_for_by_a_workflow_that_has_ended_it_is_not_begun()
    {
        await using var fixture = new DurableFixture();
        await fixture.RunAsync<WideWorkflow, WideInput, long>("ended", new WideInput(1, 1));

        var looked = await JoinAsync(fixture, fixture.Client, "ended");

        Assert.Equal("workflow-cancelled", looked.GetProperty("value").GetProperty("problem").GetProperty("code").GetString());
        Assert.Null(await fixture.Client.FindAsync("shared", CancellationToken.None));
        Assert.Empty(await new DurableClaims(fixture.Documents).ParentsAsync("shared", CancellationToken.None));
    }

    [Fact]
    public async Task Begun_for_a_workflow_that_is_cancelled_in_that_moment_it_goes_with_it()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        await fixture.StartAsync<WideWorkflow, WideInput, long>("a", new WideInput(5, 2));
        var hub = new MomentHub(fixture.Hub) { BeforeSchedule = () => fixture.Client.CancelAsync("a", CancellationToken.None) };

        await JoinAsync(fixture, fixture.NewClient(hub), "a");
        gate.Release(100);

        Assert.Equal(WorkflowStatus.Cancelled, (await fixture.Client.FindAsync("shared", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task A_fault_that_may_pass_is_for_the_retry_policy_and_one_that_is_final_is_an_answer()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fixture = new DurableFixture(input => HoldAsync(gate, input));
        await fixture.StartAsync<WideWorkflow, WideInput, long>("a", new WideInput(5, 2));
        var code = "storage-busy";
        var documents = new MomentDocumentStore(fixture.Documents) { BeforePut = _ => throw new ProblemException(code, "Not now.") };
        var client = new DurableWorkflowClient(fixture.Hub, fixture.Registry, fixture.Clock, null, documents);

        Assert.Equal(code, (await Assert.ThrowsAsync<DurableCallException>(() => JoinAsync(fixture, client, "a"))).Problem.Code);
        code = "storage-forbidden";
        Assert.Equal(code, (await JoinAsync(fixture, client, "a")).GetProperty("problem").GetProperty("code").GetString());
        Assert.Null(await fixture.Client.FindAsync("shared", CancellationToken.None));
        gate.Release(100);
    }

    // What the activity does by which a workflow asks for the shared one.
    private static Task<JsonElement> JoinAsync(DurableFixture fixture, DurableWorkflowClient client, string parent)
    {
        var call = new JoinCall("Wide", "shared", DurableJson.Element(new WideInput(5, 2), "test"), parent);
        return new DurableWorkflows(fixture.Registry, client).JoinAsync(DurableJson.Element(new ActivityCall(DurableJson.Element(call, "test"), null), "test"), CancellationToken.None);
    }

    // The workflow a waits for shared, which waits for the gate.
    private static async Task<DurableFixture> WaitedForAsync(SemaphoreSlim gate)
    {
        var fixture = new DurableFixture(input => HoldAsync(gate, input));
        await AskAsync(fixture, "a");
        return fixture;
    }

    private static async Task<int> HoldAsync(SemaphoreSlim gate, int input)
    {
        await gate.WaitAsync(TimeSpan.FromSeconds(20));
        return input;
    }

    // Another workflow asks for it. Who has looked for the first time has two episodes of four events behind him, and waits for a timer.
    private static async Task AskAsync(DurableFixture fixture, string id)
    {
        Assert.True(await fixture.StartAsync<JoiningWorkflow, string, long>(id, "shared"));
        await Eventually.HoldsAsync(() => fixture.Hub.Get(id) is { Status: DurableStatus.Running, Events: >= 8 } && fixture.Hub.Instances.Any(instance => instance.Id == "shared"));
    }

    /// <summary>What happens just before and just after the shared one is ended, and before anything is looked for or begun.</summary>
    private sealed class MomentHub(TaskHub hub) : PassingHub(hub)
    {
        private bool found;

        public Func<Task>? BeforeEnd { get; init; }

        public Func<Task>? AfterEnd { get; init; }

        public Func<Task>? BeforeFind { get; init; }

        public Func<Task>? BeforeSchedule { get; init; }

        public override async Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken)
        {
            await (BeforeSchedule?.Invoke() ?? Task.CompletedTask);
            return await base.ScheduleAsync(name, input, instanceId, cancellationToken);
        }

        public override async Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken)
        {
            if (BeforeFind is not null && !found)
            {
                found = true;
                await BeforeFind();
            }

            return await base.FindAsync(instanceId, cancellationToken);
        }

        public override async Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
        {
            var shared = instanceId == "shared";
            await (shared && BeforeEnd is not null ? BeforeEnd() : Task.CompletedTask);
            await base.TerminateAsync(instanceId, reason, cancellationToken);
            await (shared && AfterEnd is not null ? AfterEnd() : Task.CompletedTask);
        }
    }
}
