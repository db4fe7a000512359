using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using AiAssignments.Azure.Durable;

namespace AiAssignments.Tests.Durable.Hub;

/// <summary>
/// A task hub in memory that works as Durable Functions does: nothing of an orchestration is kept but its history, every message replays it from its start on one thread,
/// activities run beside each other, and time stands still but for timers, to the next of which it jumps when nothing else is left to do.
/// </summary>
internal sealed class TaskHub : IDurableClient, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HubInstance> instances = new(StringComparer.Ordinal);
    private readonly Channel<(HubInstance Run, HubEvent Event)> messages = Channel.CreateUnbounded<(HubInstance, HubEvent)>();
    private readonly PriorityQueue<(HubInstance Run, int Id), DateTime> timers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;
    private int running;
    private int pendingMessages;

    public TaskHub() => loop = Task.Run(LoopAsync);

    /// <summary>Runs an orchestration.</summary>
    public Func<string, IDurableContext, JsonElement, Task<JsonElement>> Orchestrator { get; set; } = null!;

    /// <summary>Runs an activity.</summary>
    public Func<string, JsonElement, CancellationToken, Task<JsonElement>> Activity { get; set; } = null!;

    public DateTime Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public int MostRunning { get; private set; }

    public int ActivitiesRun { get; private set; }

    public List<string> Faults { get; } = [];

    public IReadOnlyList<HubInstance> Instances
    {
        get
        {
            lock (gate)
            {
                return [.. instances.Values];
            }
        }
    }

    public HubInstance Get(string id)
    {
        lock (gate)
        {
            return instances[id];
        }
    }

    public Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (instances.TryGetValue(instanceId, out var known) && known.Status is not (DurableStatus.Failed or DurableStatus.Terminated))
            {
                return Task.FromResult(false);
            }

            Begin(instanceId, name, input, null, -1);
            return Task.FromResult(true);
        }
    }

    public Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(instances.TryGetValue(instanceId, out var found) ? found.Facts() : null);
        }
    }

    public async IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var instance in Instances.Select(one => one.Facts()).OrderBy(one => one.Id, StringComparer.Ordinal))
        {
            if ((query.CreatedFrom is not { } from || instance.CreatedAt >= from) && (query.CreatedTo is not { } to || instance.CreatedAt <= to)
                && (query.Prefix is not { } prefix || instance.Id.StartsWith(prefix, StringComparison.Ordinal)))
            {
                yield return query.Payloads ? instance : instance with { Input = null, CustomStatus = null, Output = null };
            }
        }
    }

    public async Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken)
    {
        HubInstance? found;
        lock (gate)
        {
            instances.TryGetValue(instanceId, out found);
        }

        if (found is null)
        {
            return null;
        }

        await found.Completion.Task.WaitAsync(cancellationToken);
        return found.Facts();
    }

    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!instances.TryGetValue(instanceId, out var found) || found.Facts().Ended)
            {
                throw new InvalidOperationException("It has ended.");
            }

            End(found, DurableStatus.Terminated, JsonSerializer.Serialize(reason), null);
        }

        return Task.CompletedTask;
    }

    public Task PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (instances.TryGetValue(instanceId, out var found) && found.Facts().Ended)
            {
                instances.Remove(instanceId);
            }
        }

        return Task.CompletedTask;
    }

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken)
    {
        Send(Get(instanceId), new HubEvent(HubEventKind.EventRaised, default, -1, name, payload.GetRawText()));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private void Begin(string id, string name, JsonElement input, string? parent, int parentTask)
    {
        Now = Now.AddTicks(1);
        var run = instances[id] = new HubInstance(id, name, input, Now, parent, parentTask);
        Send(run, new HubEvent(HubEventKind.ExecutionStarted, default, -1, name, input.GetRawText()));
    }

    private void Send(HubInstance run, HubEvent one)
    {
        Interlocked.Increment(ref pendingMessages);
        messages.Writer.TryWrite((run, one));
    }

    private async Task LoopAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (messages.Reader.TryRead(out var message))
            {
                try
                {
                    Episode(message.Run, message.Event);
                }
                finally
                {
                    Interlocked.Decrement(ref pendingMessages);
                }

                continue;
            }

            if (Volatile.Read(ref running) == 0 && Volatile.Read(ref pendingMessages) == 0)
            {
                lock (gate)
                {
                    if (timers.TryDequeue(out var timer, out var due))
                    {
                        Now = due > Now ? due : Now;
                        Send(timer.Run, new HubEvent(HubEventKind.TimerFired, default, timer.Id));
                        continue;
                    }
                }
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    private void Episode(HubInstance instance, HubEvent message)
    {
        lock (gate)
        {
            // Nor does a run hear of what the one before it with the same id had asked for.
            if (instances.GetValueOrDefault(instance.Id) != instance || instance.Facts().Ended)
            {
                return;
            }

            // A tick, so that no two episodes have the same time.
            Now = Now.AddTicks(1);
        }

        var old = instance.History.Count;
        instance.History.Add(new HubEvent(HubEventKind.OrchestratorStarted, Now));
        instance.History.Add(message with { At = Now });
        instance.Status = DurableStatus.Running;
        var thread = new OrchestratorThread();
        var context = new HubContext(instance, thread);
        Task<JsonElement>? main = null;
        for (var index = 0; index < instance.History.Count; index++)
        {
            var one = instance.History[index];
            context.IsReplaying = index < old;
            thread.Run(() =>
            {
                if (one.Kind == HubEventKind.ExecutionStarted)
                {
                    main = Orchestrator(instance.Name, context, instance.Input);
                }
                else
                {
                    context.Apply(one);
                }
            });
        }

        lock (gate)
        {
            if (thread.Violations > 0 || context.Nondeterminism is not null)
            {
                Faults.Add(context.Nondeterminism ?? $"{instance.Id} left its thread");
            }

            if (!instance.Facts().Ended)
            {
                Settle(instance, context, main!);
            }
        }
    }

    private void Settle(HubInstance instance, HubContext context, Task<JsonElement> main)
    {
        instance.Updated = Now;
        instance.CustomStatus = context.CustomStatus ?? instance.CustomStatus;
        if (main.IsCompletedSuccessfully && context.NextInput is { } next)
        {
            instance.History.Clear();
            instance.Input = next;
            Send(instance, new HubEvent(HubEventKind.ExecutionStarted, default, -1, instance.Name, next.GetRawText()));
            foreach (var (name, payload) in context.Untaken)
            {
                Send(instance, new HubEvent(HubEventKind.EventRaised, default, -1, name, payload));
            }

            return;
        }

        foreach (var (asked, childId) in context.Asked)
        {
            instance.History.Add(asked);
            if (!main.IsCompleted)
            {
                Do(instance, asked, childId);
            }
        }

        instance.History.Add(new HubEvent(HubEventKind.OrchestratorCompleted, Now));
        if (main.IsCompleted)
        {
            End(instance, main.IsCompletedSuccessfully ? DurableStatus.Completed : DurableStatus.Failed, main.IsCompletedSuccessfully ? main.Result.GetRawText() : null, main.Exception?.InnerException?.Message);
        }
    }

    private void Do(HubInstance instance, HubEvent asked, string? childId)
    {
        using var document = JsonDocument.Parse(asked.Kind == HubEventKind.TimerCreated ? "null" : asked.Payload!);
        var input = document.RootElement.Clone();
        switch (asked.Kind)
        {
            case HubEventKind.TimerCreated:
                timers.Enqueue((instance, asked.Id), DateTime.Parse(asked.Payload!, null, System.Globalization.DateTimeStyles.RoundtripKind));
                break;
            case HubEventKind.ChildCreated:
                Assert.False(instances.ContainsKey(childId!), $"{childId} is there already");
                Begin(childId!, asked.Name!, input, instance.Id, asked.Id);
                break;
            default:
                running++;
                ActivitiesRun++;
                MostRunning = Math.Max(MostRunning, running);
                _ = Task.Run(() => DoActivityAsync(instance, asked, input));
                break;
        }
    }

    private async Task DoActivityAsync(HubInstance instance, HubEvent asked, JsonElement input)
    {
        HubEvent end;
        try
        {
            var output = await Activity(asked.Name!, input, stopping.Token);
            end = new HubEvent(HubEventKind.TaskCompleted, default, asked.Id, null, output.GetRawText());
        }
        catch (Exception error)
        {
            end = new HubEvent(HubEventKind.TaskFailed, default, asked.Id, null, error.Message);
        }

        lock (gate)
        {
            Send(instance, end);
            running--;
        }
    }

    private void End(HubInstance instance, DurableStatus status, string? output, string? failure)
    {
        (instance.Status, instance.Output, instance.Failure, instance.Updated) = (status, output, failure, Now);
        instance.History.Add(new HubEvent(HubEventKind.ExecutionCompleted, Now, -1, null, output ?? failure));
        if (instance.Parent is { } id && instances.TryGetValue(id, out var parent))
        {
            var kind = status == DurableStatus.Completed ? HubEventKind.ChildCompleted : HubEventKind.ChildFailed;
            Send(parent, new HubEvent(kind, default, instance.ParentTask, null, output ?? failure ?? "It was terminated."));
        }

        instance.Completion.TrySetResult();
    }
}
