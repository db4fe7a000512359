using System.Runtime.CompilerServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Sqlite;
using AiAssignments.Embedded.Workflows.Journal;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>
/// Durable workflows in one process, on a journal in SQLite. An activity's result is on disk before its workflow goes on; after a crash <see cref="ResumeAsync"/> runs each
/// unfinished workflow again from its start, with the journaled results in the journaled order.
/// When the journal cannot be written (disk full, file locked), the instances concerned stop as they are: their state shows the problem with the status failed,
/// nothing that was journaled is lost, and starting or resuming them goes on from there.
/// </summary>
public sealed class SqliteWorkflowEngine : IWorkflowClient, IAsyncDisposable
{
    private readonly SqliteFile file;
    private readonly Lock gate = new();
    private readonly Dictionary<string, WorkflowRun> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Problem> halted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> waiters = new(StringComparer.Ordinal);
    private readonly StateReports reports;
    private bool stopped;

    /// <summary>Opens the journal, and makes it when there is none. Nothing runs before <see cref="ResumeAsync"/> or a start.</summary>
    /// <param name="registry">What can be run.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ProblemException">The journal cannot be opened: <c>storage-locked</c>, <c>storage-corrupt</c>, <c>storage-unavailable</c>.</exception>
    public SqliteWorkflowEngine(WorkflowRegistry registry, WorkflowEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentActivities, 1);
        Registry = registry;
        Time = options.Time;
        Profiler = options.Profiler;
        ActivitySlots = new SemaphoreSlim(options.MaxConcurrentActivities);
        file = new SqliteFile(Path.GetFullPath(options.JournalFile), options.BusyTimeout);
        Writer = new JournalWriter(file, options);
        Reader = new JournalReader(file);
        Children = new ChildInstances(this);
        reports = new StateReports(state => Changed?.Invoke(state));
    }

    /// <summary>Raised, one at a time and in order, when an instance starts, sets its custom status (the last of several that come quickly may stand for all) or ends.</summary>
    public event Action<WorkflowState>? Changed;

    internal WorkflowRegistry Registry { get; }

    internal ChildInstances Children { get; }

    internal JournalWriter Writer { get; }

    internal JournalReader Reader { get; }

    internal TimeProvider Time { get; }

    internal SemaphoreSlim ActivitySlots { get; }

    internal MemoryProfiler? Profiler { get; }

    internal long NowTicks => Time.GetUtcNow().UtcTicks;

    /// <summary>Goes on with every instance that has not ended. Call it once after the start, and after a storage problem was mended.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>How many were resumed.</returns>
    public Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Reader.Unfinished().Count(EnsureRunning));
    }

    /// <inheritdoc />
    /// <remarks>A resumed instance keeps the input that it was first started with. One that is being cancelled, by itself or with another, is resumed once it has ended: the call waits for that.</remarks>
    /// <exception cref="ProblemException"><c>instance-id-invalid</c>; <c>workflow-id-conflict</c> when the id belongs to another workflow; a storage problem.</exception>
    public async Task<bool> StartAsync<TWorkflow, TInput, TOutput>(string instanceId, TInput input, CancellationToken cancellationToken)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = WorkflowRegistry.WorkflowName(typeof(TWorkflow));
        Registry.Workflow(name);
        while (true)
        {
            using var span = WorkflowSpans.Start(name, instanceId, null);
            var wanted = new InstanceRecord(0, InstanceIds.Check(instanceId), name, WorkflowRegistry.Write(input, name)) { CreatedAt = NowTicks, Trace = span?.Id };
            var (instance, begun, isLeaving) = await Writer.WriteAsync(tables => Acceptance.Accept(tables, wanted)).ConfigureAwait(false);
            var resumed = false;
            lock (gate)
            {
                resumed = halted.ContainsKey(instanceId);
            }

            if (!instance.Ended && EnsureRunning(instance) && begun)
            {
                Report(instance);
            }

            if (!isLeaving)
            {
                return begun || resumed;
            }

            span?.Stop();
            await Children.LeaveAsync(instanceId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public Task<WorkflowState?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Reader.Find(instanceId) is { } found ? StateOf(found) : null);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<WorkflowState> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var before = long.MaxValue;
        while (Reader.Before(before) is { Count: > 0 } page)
        {
            foreach (var instance in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return StateOf(instance);
                before = instance.Key;
            }
        }
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>workflow-not-found</c>; <c>engine-stopped</c> when the engine is disposed meanwhile.</exception>
    public async Task<WorkflowState> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        var (instance, problem) = await WaitForEndAsync(instanceId, cancellationToken).ConfigureAwait(false);
        return problem is null ? instance.ToState() : Halted(instance, problem);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>workflow-not-found</c>; a storage problem.</exception>
    public Task CancelAsync(string instanceId, CancellationToken cancellationToken) => CancelAsync(instanceId, null, cancellationToken);

    /// <summary>As the public one; for a parent that goes, a sub-workflow that somebody else waits for is left alone.</summary>
    internal async Task CancelAsync(string instanceId, string? parent, CancellationToken cancellationToken)
    {
        (long Key, int Generation)? cancelled = null;
        while (true)
        {
            // First durable, then done: a crash in between does not forget it. Another run than the one that was cancelled was asked for since.
            var (instance, isLeft) = await Writer.WriteAsync(tables =>
            {
                var found = tables.Require(instanceId);
                var isLeft = found.Ended || (cancelled is { } run && run != (found.Key, found.Generation)) || (parent is not null && tables.IsAwaited(found, parent));
                if (!isLeft)
                {
                    tables.SetCancelling(found.Key);
                }

                return (found, isLeft);
            }).ConfigureAwait(false);
            if (isLeft)
            {
                return;
            }

            cancelled = (instance.Key, instance.Generation);
            EnsureRunning(instance);
            if (Running(instanceId) is { } run && (run.Instance.Key, run.Instance.Generation) == cancelled)
            {
                run.Cancel();
                await run.Left.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            lock (gate)
            {
                if (halted.TryGetValue(instanceId, out var problem))
                {
                    throw new ProblemException(problem);
                }
            }
        }
    }

    /// <inheritdoc />
    /// <remarks>Its sub-workflows go with it, but those that another workflow has asked for, too, or that were started by themselves.</remarks>
    /// <exception cref="ProblemException">A storage problem.</exception>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => Children.PurgeAsync(instanceId, null, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>workflow-not-found</c>; <c>workflow-ended</c> when it has completed; a storage problem.</exception>
    public Task RaiseEventAsync<T>(string instanceId, string name, T payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(name);
        var raised = new JournalRow(JournalKind.Event, -1, NowTicks) { Name = name, Payload = WorkflowRegistry.Write(payload, $"The event '{name}'") };
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Writer.Enqueue(new JournalWrite(
            tables =>
            {
                var found = tables.Require(instanceId);
                raised = found.Status != WorkflowStatus.Completed
                    ? tables.Append(found.Key, found.Generation, raised)
                    : throw new ProblemException("workflow-ended", "The workflow instance has completed and takes no more events.", instanceId);
            },
            () =>
            {
                Running(instanceId)?.Receive(raised);
                done.SetResult();
            },
            done.SetException));
        return done.Task;
    }

    /// <summary>Stops: running activities see their token and are waited for; unfinished instances stay as they are, to be resumed by the next engine.</summary>
    public async ValueTask DisposeAsync()
    {
        WorkflowRun[] active;
        string[] waited;
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            stopped = true;
            active = [.. runs.Values];
            waited = [.. waiters.Keys];
        }

        foreach (var id in waited)
        {
            Signal(id);
        }

        foreach (var run in active)
        {
            run.Stop();
        }

        foreach (var run in active)
        {
            await run.Left.ConfigureAwait(false);
        }

        Writer.Dispose();
        file.Close();
        await reports.DisposeAsync().ConfigureAwait(false);
        ActivitySlots.Dispose();
    }

    internal void Report(InstanceRecord instance)
    {
        if (Changed is not null)
        {
            reports.Add(instance);
        }
    }

    internal void OnEnded(WorkflowRun run, InstanceRecord ended)
    {
        WorkflowSpans.End(ended);
        Remove(run, null);
        Report(ended);
    }

    internal void OnStopped(WorkflowRun run) => Remove(run, null);

    internal void OnHalted(WorkflowRun run, Problem problem)
    {
        Remove(run, problem);
        if (Changed is not null)
        {
            reports.Add(Halted(run.Instance, problem));
        }
    }

    internal void OnContinued(WorkflowRun run)
    {
        var next = new WorkflowRun(this, run.Instance);
        lock (gate)
        {
            if (stopped)
            {
                runs.Remove(run.Instance.Id);
                return;
            }

            runs[run.Instance.Id] = next;
        }

        next.Start();
    }

    private static WorkflowState Halted(InstanceRecord instance, Problem problem) =>
        (instance with { Status = WorkflowStatus.Failed }).ToState() with { Problem = problem };

    private WorkflowState StateOf(InstanceRecord instance)
    {
        Problem? problem = null;
        lock (gate)
        {
            return instance.Ended || !halted.TryGetValue(instance.Id, out problem) ? instance.ToState() : Halted(instance, problem);
        }
    }

    private WorkflowRun? Running(string id)
    {
        lock (gate)
        {
            return runs.GetValueOrDefault(id);
        }
    }

    internal bool EnsureRunning(InstanceRecord instance)
    {
        WorkflowRun run;
        lock (gate)
        {
            if (stopped)
            {
                throw Stopped();
            }

            if (runs.ContainsKey(instance.Id))
            {
                return false;
            }

            halted.Remove(instance.Id);
            runs.Add(instance.Id, run = new WorkflowRun(this, instance));
        }

        run.Start();
        return true;
    }

    internal async Task<(InstanceRecord Instance, Problem? Problem)> WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Problem? problem;
            TaskCompletionSource? waiter = null;
            lock (gate)
            {
                if (stopped)
                {
                    throw Stopped();
                }

                if (!halted.TryGetValue(id, out problem) && !waiters.TryGetValue(id, out waiter))
                {
                    waiters.Add(id, waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }
            }

            var instance = Reader.Find(id);
            if (instance is null || instance.Ended || waiter is null)
            {
                // Whoever else waits looks again, too; nothing is left behind for an instance that has ended.
                Signal(id);
                return (instance ?? throw JournalTables.NotFound(id), instance.Ended ? null : problem);
            }

            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Remove(WorkflowRun run, Problem? problem)
    {
        var id = run.Instance.Id;
        lock (gate)
        {
            runs.Remove(id);
            if (problem is not null)
            {
                halted[id] = problem;
            }
        }

        Signal(id);
    }

    internal void Signal(string id)
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            waiters.Remove(id, out waiter);
        }

        waiter?.TrySetResult();
    }

    private static ProblemException Stopped() => new("engine-stopped", "The workflow engine has stopped; unfinished workflows go on when it is started again.");
}
