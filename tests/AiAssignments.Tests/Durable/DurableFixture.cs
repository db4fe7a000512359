using AiAssignments.Azure.Durable;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Workflows;
using AiAssignments.Tests.Durable.Hub;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Durable;

/// <summary>The adapter over a task hub in memory, with the probe workflows.</summary>
internal sealed class DurableFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore documents;
    private int attempts;

    public DurableFixture(Func<int, Task<int>>? work = null, int mixedVersion = 1)
    {
        Registry = new WorkflowRegistry()
            .AddWorkflow<WideWorkflow, WideInput, long>(() => new WideWorkflow())
            .AddWorkflow<MixedWorkflow, int, string>(() => new MixedWorkflow(), mixedVersion)
            .AddWorkflow<JoiningWorkflow, string, long>(() => new JoiningWorkflow())
            .AddWorkflow<RefusingWorkflow, int, int>(() => new RefusingWorkflow())
            .AddActivity<ProbeActivity, int, int>(() => new ProbeActivity(input =>
            {
                Interlocked.Increment(ref attempts);
                return work is null ? Task.FromResult(input * input) : work(input);
            }));
        Hub = new TaskHub();
        documents = new SqliteDocumentStore(folder.File("documents.db"));
        Client = NewClient(Hub);
        Workflows = Attach(Hub, Registry, Client, Told.Add);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));

    public WorkflowRegistry Registry { get; }

    public TaskHub Hub { get; }

    public IDocumentStore Documents => documents;

    public DurableWorkflowClient Client { get; }

    public DurableWorkflows Workflows { get; }

    public ToldStates Told { get; } = new();

    public int Attempts => attempts;

    public static DurableWorkflows Attach(TaskHub hub, WorkflowRegistry registry, DurableWorkflowClient client, Action<WorkflowState> told)
    {
        var workflows = new DurableWorkflows(registry, client, told);
        Attach(hub, workflows);
        return workflows;
    }

    public static void Attach(TaskHub hub, DurableWorkflows workflows)
    {
        hub.Orchestrator = (name, context, input) =>
            name == DurableNames.FanOut ? DurableWorkflows.RunFanOutAsync(context, input) : workflows.RunWorkflowAsync(name, context, input);
        hub.Activity = (name, input, cancellationToken) =>
            name == DurableNames.Join ? workflows.JoinAsync(input, cancellationToken) : workflows.RunActivityAsync(name, input, cancellationToken);
    }

    public Task<bool> StartAsync<TWorkflow, TInput, TOutput>(string id, TInput input)
        where TWorkflow : IWorkflow<TInput, TOutput> => Client.StartAsync<TWorkflow, TInput, TOutput>(id, input, CancellationToken.None);

    public async Task<WorkflowState> RunAsync<TWorkflow, TInput, TOutput>(string id, TInput input)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        await StartAsync<TWorkflow, TInput, TOutput>(id, input);
        return await WaitAsync(id);
    }

    public async Task<WorkflowState> WaitAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var state = await Client.WaitAsync(id, limit.Token);
        Assert.Empty(Hub.Faults);
        return state;
    }

    /// <summary>A client of another process: the same hub and documents.</summary>
    public DurableWorkflowClient NewClient(IDurableClient hub) => new(hub, Registry, Clock, Told.Add, documents);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        documents.Dispose();
        folder.Dispose();
    }
}

/// <summary>What was told.</summary>
internal sealed class ToldStates
{
    private readonly Lock gate = new();
    private readonly List<WorkflowState> states = [];

    public IReadOnlyList<WorkflowState> All
    {
        get
        {
            lock (gate)
            {
                return [.. states];
            }
        }
    }

    public void Add(WorkflowState state)
    {
        lock (gate)
        {
            states.Add(state);
        }
    }
}
