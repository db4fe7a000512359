using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Durable.Hub;

/// <summary>One replay of an instance: what its code asks for is held against the history, and is new where that ends.</summary>
internal sealed class HubContext(HubInstance instance, OrchestratorThread thread) : IDurableContext
{
    private readonly Dictionary<int, (Action<string?> Completed, Action<string> Failed)> open = [];
    private readonly Dictionary<string, Queue<TaskCompletionSource<JsonElement>>> waiters = [];
    private readonly Dictionary<string, Queue<string>> mailbox = [];
    private readonly Dictionary<int, HubEvent> scheduled = instance.History
        .Where(one => one.Kind is HubEventKind.TaskScheduled or HubEventKind.ChildCreated or HubEventKind.TimerCreated).ToDictionary(one => one.Id);

    private DateTime now;
    private int next;
    private int guids;

    public List<(HubEvent Event, string? ChildId)> Asked { get; } = [];

    public string? CustomStatus { get; private set; }

    public JsonElement? NextInput { get; private set; }

    /// <summary>Events that nobody took; they stay when the instance starts anew.</summary>
    public IEnumerable<(string Name, string Payload)> Untaken => mailbox.SelectMany(box => box.Value.Select(payload => (box.Key, payload)));

    public string? Nondeterminism { get; private set; }

    public string InstanceId => instance.Id;

    public DateTime CurrentUtcDateTime => now;

    public bool IsReplaying { get; set; } = true;

    public Guid NewGuid()
    {
        thread.Check();
        var bytes = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{InstanceId}_{now:O}_{guids++}"));
        return new Guid(bytes.AsSpan(0, 16));
    }

    public async Task<JsonElement> CallActivityAsync(string name, JsonElement input, RetryPolicy retry)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(HubEventKind.TaskScheduled, name, input.GetRawText(), null).ConfigureAwait(true);
            }
            catch (DurableCallException) when (attempt < retry.MaxAttempts)
            {
                var delay = retry.FirstDelay * Math.Pow(retry.BackoffCoefficient, attempt - 1);
                await CreateTimerAsync(now + (delay < retry.MaxDelay ? delay : retry.MaxDelay)).ConfigureAwait(true);
            }
        }
    }

    public Task<JsonElement> CallSubOrchestratorAsync(string name, JsonElement input, string instanceId) =>
        AskAsync(HubEventKind.ChildCreated, name, input.GetRawText(), instanceId);

    public Task CreateTimerAsync(DateTime fireAt) => AskAsync(HubEventKind.TimerCreated, "timer", fireAt.ToString("O"), null);

    public Task<JsonElement> WaitForExternalEventAsync(string name)
    {
        thread.Check();
        var result = new TaskCompletionSource<JsonElement>();
        if (mailbox.TryGetValue(name, out var kept) && kept.TryDequeue(out var payload))
        {
            result.SetResult(Json(payload));
        }
        else
        {
            (waiters.TryGetValue(name, out var queue) ? queue : waiters[name] = new()).Enqueue(result);
        }

        return result.Task;
    }

    public void SetCustomStatus(JsonElement status)
    {
        thread.Check();
        CustomStatus = status.GetRawText();
    }

    public void ContinueAsNew(JsonElement input)
    {
        thread.Check();
        NextInput = input;
    }

    public void Apply(HubEvent one)
    {
        switch (one.Kind)
        {
            case HubEventKind.OrchestratorStarted:
                now = one.At;
                break;
            case HubEventKind.TaskCompleted or HubEventKind.ChildCompleted or HubEventKind.TimerFired when open.Remove(one.Id, out var done):
                done.Completed(one.Payload);
                break;
            case HubEventKind.TaskFailed or HubEventKind.ChildFailed when open.Remove(one.Id, out var failed):
                failed.Failed(one.Payload!);
                break;
            case HubEventKind.EventRaised when waiters.TryGetValue(one.Name!, out var queue) && queue.TryDequeue(out var waiter):
                waiter.SetResult(Json(one.Payload!));
                break;
            case HubEventKind.EventRaised:
                (mailbox.TryGetValue(one.Name!, out var kept) ? kept : mailbox[one.Name!] = new()).Enqueue(one.Payload!);
                break;
        }
    }

    private static JsonElement Json(string? text)
    {
        using var document = JsonDocument.Parse(text ?? "null");
        return document.RootElement.Clone();
    }

    private Task<JsonElement> AskAsync(HubEventKind kind, string name, string payload, string? childId)
    {
        thread.Check();
        var id = next++;
        var result = new TaskCompletionSource<JsonElement>();
        open.Add(id, (text => result.SetResult(Json(text)), message => result.SetException(new DurableCallException(message))));
        if (!scheduled.TryGetValue(id, out var before))
        {
            Asked.Add((new HubEvent(kind, now, id, name, payload), childId));
        }
        else if (before.Kind != kind || before.Name != name || before.Payload != payload)
        {
            Nondeterminism = $"Step {id} was {before.Kind} {before.Name} {before.Payload} and is now {kind} {name} {payload}.";
            throw new InvalidOperationException(Nondeterminism);
        }

        return result.Task;
    }
}
