using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>
/// What a workflow sees of the engine. All of it runs in the turns of one run, so nothing here needs a lock; a call from elsewhere means that the workflow
/// awaited something that is not the context's, and is refused.
/// </summary>
internal sealed class JournaledWorkflowContext(WorkflowRun run, WorkflowRegistry registry, WorkflowHistory history) : IWorkflowContext
{
    private static readonly Guid GuidSpace = new("6f0c3c5e-5d0f-4d0b-9a5b-0b7f3f0c9a11");
    private readonly Dictionary<int, WorkflowStep> open = [];
    private readonly EventMailbox mailbox = new();
    private DateTimeOffset now = new(history.Instance.StartedAt, TimeSpan.Zero);
    private int steps;
    private int guids;

    /// <summary>Steps asked for since they were last taken; started by the run once the replay is over.</summary>
    public List<WorkflowStep> Asked { get; } = [];

    /// <summary>Whether anything is awaited that can still come.</summary>
    public bool Waits => open.Count > 0 || mailbox.HasWaiters;

    /// <summary>JSON of the last custom status; <c>null</c> when none was set.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>JSON of the next execution's input, when the workflow continues as new.</summary>
    public string? NextInput { get; private set; }

    /// <summary>Sequences of the events that were taken.</summary>
    public IReadOnlyList<long> EventsTaken => mailbox.Taken;

    public string InstanceId => history.Instance.Id;

    public DateTimeOffset CurrentUtcTime
    {
        get
        {
            run.Guard();
            return now;
        }
    }

    public bool IsReplaying { get; set; } = true;

    /// <summary>Steps asked for in all.</summary>
    public int Steps => steps;

    public Guid NewGuid()
    {
        run.Guard();
        return DeterministicGuid.Create(GuidSpace, string.Create(CultureInfo.InvariantCulture, $"{InstanceId}\n{history.Instance.Execution}\n{guids++}"));
    }

    public Task<TOutput> CallActivityAsync<TActivity, TInput, TOutput>(TInput input, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>
    {
        run.Guard();
        var result = new TaskCompletionSource<TOutput>();
        AskActivity<TActivity, TInput>(input, retry, json => Resolve(result, json), problem => result.SetException(Failure(WorkflowRegistry.ActivityName(typeof(TActivity)), problem)));
        return result.Task;
    }

    public Task<IReadOnlyList<TOutput>> FanOutAsync<TActivity, TInput, TOutput>(IReadOnlyList<TInput> inputs, int width, Action<int>? onCompleted = null, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>
    {
        run.Guard();
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var all = new TaskCompletionSource<IReadOnlyList<TOutput>>();
        var results = new TOutput[inputs.Count];
        var (next, done) = (0, 0);

        void Start()
        {
            var index = next++;
            AskActivity<TActivity, TInput>(
                inputs[index],
                retry,
                json => Finish(index, json),
                problem => all.TrySetException(Failure(WorkflowRegistry.ActivityName(typeof(TActivity)), problem)));
        }

        void Finish(int index, string json)
        {
            if (all.Task.IsCompleted)
            {
                return;
            }

            try
            {
                results[index] = WorkflowRegistry.Read<TOutput>(json);
                done++;
                onCompleted?.Invoke(done);
                if (next < results.Length)
                {
                    Start();
                }
            }
            catch (Exception exception)
            {
                all.TrySetException(exception);
            }

            if (done == results.Length)
            {
                all.TrySetResult(results);
            }
        }

        if (results.Length == 0)
        {
            all.SetResult(results);
        }

        while (next < Math.Min(width, results.Length))
        {
            Start();
        }

        return all.Task;
    }

    public Task<TOutput> CallWorkflowAsync<TWorkflow, TInput, TOutput>(TInput input, string? instanceId = null)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        run.Guard();
        var name = WorkflowRegistry.WorkflowName(typeof(TWorkflow));
        registry.Workflow(name);
        var json = WorkflowRegistry.Write(input, name);
        var execution = history.Instance.Execution;
        var child = instanceId ?? string.Create(CultureInfo.InvariantCulture, $"{InstanceId}:{(execution == 0 ? string.Empty : $"{execution}.")}{steps}");
        var result = new TaskCompletionSource<TOutput>();
        Ask(new ChildStep(steps, ChildStep.Prefix + name, Hash($"{child}\n{json}"), output => Resolve(result, output), problem => result.SetException(Failure(name, problem)))
        {
            Workflow = name,
            Input = json,
            ChildId = child,
        });
        return result.Task;
    }

    public Task DelayAsync(TimeSpan delay)
    {
        run.Guard();
        var result = new TaskCompletionSource();
        var due = delay <= TimeSpan.Zero ? now : now + delay;
        Ask(new TimerStep(steps, "timer", Hash(delay.Ticks.ToString(CultureInfo.InvariantCulture)), _ => result.SetResult(), problem => result.SetException(Failure("timer", problem))) { DueAt = due });
        return result.Task;
    }

    public Task<T> WaitForEventAsync<T>(string name)
    {
        run.Guard();
        ArgumentException.ThrowIfNullOrEmpty(name);
        var result = new TaskCompletionSource<T>();
        mailbox.Wait(name, json => Resolve(result, json));
        return result.Task;
    }

    public void SetCustomStatus(object status)
    {
        run.Guard();
        CustomStatus = WorkflowRegistry.Write(status, "The custom status");
    }

    public void ContinueAsNew(object input)
    {
        run.Guard();
        NextInput = WorkflowRegistry.Write(input, history.Instance.Workflow);
    }

    /// <summary>Hands the workflow what the journal has for it; its code goes on inside this call.</summary>
    public void Deliver(JournalRow row)
    {
        if (row.At > now.UtcTicks)
        {
            now = new DateTimeOffset(row.At, TimeSpan.Zero);
        }

        if (row.Kind == JournalKind.Event)
        {
            mailbox.Deliver(row);
        }
        else if (open.Remove(row.Step, out var step))
        {
            if (row.Kind == JournalKind.Completed)
            {
                step.Completed(row.Payload!);
            }
            else
            {
                step.Failed(WorkflowRegistry.Read<Problem>(row.Payload!));
            }
        }
        else if (row.Step >= steps)
        {
            throw run.Fault($"The journal holds the result of step {row.Step} ({history.Scheduled(row.Step)?.Name ?? "unnamed"}), which the workflow does not ask for at this point.");
        }
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];

    private static ActivityFailedException Failure(string name, Problem problem) => new(name, problem);

    private static void Resolve<T>(TaskCompletionSource<T> result, string json)
    {
        T value;
        try
        {
            value = WorkflowRegistry.Read<T>(json);
        }
        catch (System.Text.Json.JsonException exception)
        {
            result.SetException(new ProblemException(new Problem("workflow-payload-unreadable", $"A journaled value is not a {typeof(T).Name}: {exception.Message}"), exception));
            return;
        }

        result.SetResult(value);
    }

    private void AskActivity<TActivity, TInput>(TInput input, RetryPolicy? retry, Action<string> completed, Action<Problem> failed)
    {
        var name = WorkflowRegistry.ActivityName(typeof(TActivity));
        var invoke = registry.Activity(name);
        var json = WorkflowRegistry.Write(input, name);
        var (attempts, retryAt) = history.Attempts(steps);
        Ask(new ActivityStep(steps, $"activity {name}", Hash(json), completed, failed)
        {
            Activity = name,
            Input = json,
            Invoke = invoke,
            Retry = retry ?? RetryPolicy.Default,
            Attempts = attempts,
            RetryAt = retryAt,
        });
    }

    private void Ask(WorkflowStep step)
    {
        steps++;
        if (history.Scheduled(step.Id) is { } before && (before.Name != step.Name || !step.Hash.AsSpan().SequenceEqual(before.Hash)))
        {
            throw run.Fault($"The journal has {Describe(before.Name!, before.Hash!)} as step {step.Id}, and the workflow now asks for {Describe(step.Name, step.Hash)}.");
        }

        open.Add(step.Id, step);
        if (!history.IsSettled(step.Id))
        {
            step.Kept = step is ChildStep ? null : history.TakeKept(step.Name, step.Hash);
            Asked.Add(step);
        }
    }

    private static string Describe(string name, byte[] hash) => $"{name} (input {Convert.ToHexStringLower(hash.AsSpan(0, 4))})";
}
