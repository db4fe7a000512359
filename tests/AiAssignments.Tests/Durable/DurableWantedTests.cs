using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Workflows;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Durable.Hub;
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

    /// <summary>What happens just before and just after the shared one is ended, and before anything is looked for.</summary>
    private sealed class MomentHub(TaskHub hub) : PassingHub(hub)
    {
        private bool found;

        public Func<Task>? BeforeEnd { get; init; }

        public Func<Task>? AfterEnd { get; init; }

        public Func<Task>? BeforeFind { get; init; }

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
