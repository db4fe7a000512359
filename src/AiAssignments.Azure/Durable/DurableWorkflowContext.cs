using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>
/// What a workflow sees of Durable Functions. A fan-out of more than <see cref="MostDirect"/> is cut into shares, each a sub-orchestration with a history of its own that does its
/// share one by one, as many shares at a time as the width says: so the width holds, and no history grows with the whole. Retry policies are for activities only.
/// A workflow that is called under an id of its own is not a sub-orchestration, because another may have begun it: it is started unless it is there, and asked for until it has ended.
/// </summary>
internal sealed class DurableWorkflowContext(IDurableContext context, WorkflowRegistry registry, int version, Action<JsonElement> status) : IWorkflowContext
{
    /// <summary>Most activities of a fan-out that stand in the workflow's own history.</summary>
    internal const int MostDirect = 32;

    /// <summary>Most activities of a share.</summary>
    internal const int LargestShare = 64;

    // What the task hub takes in the state of an instance: 16 KiB of UTF-16.
    private const int LargestStatus = 8 * 1024;
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);
    private int children;

    public string InstanceId => context.InstanceId;

    public DateTimeOffset CurrentUtcTime => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    public bool IsReplaying => context.IsReplaying;

    public Guid NewGuid() => context.NewGuid();

    public async Task<TOutput> CallActivityAsync<TActivity, TInput, TOutput>(TInput input, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>
    {
        var name = Known<TActivity>();
        return DurableJson.Read<TOutput>(await DurableActivities.CallAsync(context, name, DurableJson.Element(input, name), retry).ConfigureAwait(true));
    }

    public async Task<IReadOnlyList<TOutput>> FanOutAsync<TActivity, TInput, TOutput>(IReadOnlyList<TInput> inputs, int width, Action<int>? onCompleted = null, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var name = Known<TActivity>();
        var results = new TOutput[inputs.Count];
        var size = inputs.Count <= MostDirect ? 1 : ShareOf(inputs.Count, width);
        var shares = (inputs.Count + size - 1) / size;
        var ids = size == 1 ? null : Enumerable.Range(0, shares).Select(_ => ChildId()).ToList();
        var done = 0;
        await DurableLanes.RunAsync(shares, width, async share =>
        {
            var first = share * size;
            var count = Math.Min(size, inputs.Count - first);
            var outputs = ids is null
                ? [await DurableActivities.CallAsync(context, name, DurableJson.Element(inputs[first], name), retry).ConfigureAwait(true)]
                : await ShareAsync(name, [.. inputs.Skip(first).Take(count).Select(input => DurableJson.Element(input, name))], retry, ids[share]).ConfigureAwait(true);
            for (var index = 0; index < count; index++)
            {
                results[first + index] = DurableJson.Read<TOutput>(outputs[index]);
            }

            done += count;
            onCompleted?.Invoke(done);
        }).ConfigureAwait(true);
        return results;
    }

    public async Task<TOutput> CallWorkflowAsync<TWorkflow, TInput, TOutput>(TInput input, string? instanceId = null)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        var name = WorkflowRegistry.WorkflowName(typeof(TWorkflow));
        var code = registry.VersionOf(name);
        var json = DurableJson.Element(input, name);
        if (instanceId is not null)
        {
            return DurableJson.Read<TOutput>(await JoinAsync(name, instanceId, json).ConfigureAwait(true));
        }

        try
        {
            return DurableJson.Read<TOutput>(await context.CallSubOrchestratorAsync(name, DurableJson.Element(new WorkflowCall(code, json), name), ChildId()).ConfigureAwait(true));
        }
        catch (DurableCallException failed)
        {
            throw new ActivityFailedException(name, failed.Problem);
        }
    }

    public Task DelayAsync(TimeSpan delay) => context.CreateTimerAsync(context.CurrentUtcDateTime + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero));

    public async Task<T> WaitForEventAsync<T>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return DurableJson.Read<T>(await context.WaitForExternalEventAsync(name).ConfigureAwait(true));
    }

    public void SetCustomStatus(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var json = JsonSerializer.SerializeToElement(value, value.GetType(), DocumentJson.Options);
        if (json.GetRawText().Length is var length && length > LargestStatus)
        {
            throw new ProblemException("workflow-payload-too-large", $"The custom status has {length} characters; at most {LargestStatus} are kept.");
        }

        context.SetCustomStatus(json);
        status(json);
    }

    public void ContinueAsNew(object input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var json = JsonSerializer.SerializeToElement(input, input.GetType(), DocumentJson.Options);
        context.ContinueAsNew(DurableJson.Element(new WorkflowCall(version, json), "The next input"));
    }

    /// <summary>Two rounds of shares, so that a slow lane holds the end up by half a round at most; larger ones are cut again.</summary>
    internal static int ShareOf(int count, int width) => Math.Clamp((count + (2 * width) - 1) / (2 * width), 1, LargestShare);

    private string Known<TActivity>()
    {
        var name = WorkflowRegistry.ActivityName(typeof(TActivity));
        registry.Activity(name);
        return name;
    }

    // Begins with this instance's id, under which it is found; a GUID of this run, so that one that is left of an earlier run is never taken for it.
    private string ChildId() => string.Create(CultureInfo.InvariantCulture, $"{InstanceId}:{children++}-{context.NewGuid().ToString("N")[..12]}");

    private async Task<IReadOnlyList<JsonElement>> ShareAsync(string activity, IReadOnlyList<JsonElement> inputs, RetryPolicy? retry, string id)
    {
        try
        {
            var outputs = await context.CallSubOrchestratorAsync(DurableNames.FanOut, DurableJson.Element(new FanOutCall(activity, inputs, retry), activity), id).ConfigureAwait(true);
            return DurableJson.Read<IReadOnlyList<JsonElement>>(outputs);
        }
        catch (DurableCallException failed)
        {
            throw new ActivityFailedException(activity, failed.Problem);
        }
    }

    private async Task<JsonElement> JoinAsync(string workflow, string id, JsonElement input)
    {
        var began = context.CurrentUtcDateTime;
        var answer = await LookAsync(new JoinCall(workflow, id, input, InstanceId)).ConfigureAwait(true);
        while (!answer.Ended)
        {
            // About a tenth later than at once, and a history that grows with the logarithm of the time.
            var now = context.CurrentUtcDateTime;
            var wait = TimeSpan.FromSeconds(Math.Clamp((now - began).TotalSeconds / 10, 2, LongestLook.TotalSeconds));
            await context.CreateTimerAsync(now + wait).ConfigureAwait(true);
            answer = await LookAsync(new JoinCall(workflow, id, null)).ConfigureAwait(true);
        }

        return answer.Problem is { } problem ? throw new ActivityFailedException(workflow, problem) : answer.Output ?? default;
    }

    private async Task<JoinAnswer> LookAsync(JoinCall call) =>
        DurableJson.Read<JoinAnswer>(await DurableActivities.CallAsync(context, DurableNames.Join, DurableJson.Element(call, DurableNames.Join), null).ConfigureAwait(true));
}
