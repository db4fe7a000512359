using System.Diagnostics;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>What the orchestration and activity functions call: runs registered workflows and activities by name.</summary>
/// <param name="registry">What can be run.</param>
/// <param name="client">Starts workflows that others wait for.</param>
/// <param name="changed">Told, best effort and once, when a workflow sets its status or ends. Returns at once, and throws nothing. Default: nobody is told.</param>
/// <param name="profiler">Measures the memory of every activity. Default: none is measured.</param>
public sealed class DurableWorkflows(WorkflowRegistry registry, DurableWorkflowClient client, Action<WorkflowState>? changed = null, MemoryProfiler? profiler = null)
{
    private static readonly TimeSpan FullWithoutWord = TimeSpan.FromSeconds(5);

    /// <summary>Runs a workflow, from its start in every replay.</summary>
    /// <param name="name">Its name: the orchestration's.</param>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">The orchestration's input.</param>
    /// <returns>The workflow's result.</returns>
    /// <exception cref="DurableCallException">It failed, with the problem.</exception>
    public async Task<JsonElement> RunWorkflowAsync(string name, IDurableContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        var call = DurableJson.Read<WorkflowCall>(input);
        var told = new Told(name, context, call.Input, changed);
        try
        {
            if (registry.VersionOf(name) is var here && here != call.Version)
            {
                throw new ProblemException(
                    "workflow-version-unknown", $"It was started with version {call.Version} of {name}, and this app has version {here}; ask for it again, and it starts anew with that.");
            }

            var workflow = new DurableWorkflowContext(context, registry, call.Version, told.Running);
            var output = DurableJson.Parse(await registry.Workflow(name)(workflow, call.Input.GetRawText()).ConfigureAwait(true));
            told.Ended(WorkflowStatus.Completed, output, null);
            return output;
        }
        catch (ActivityFailedException failed)
        {
            told.Ended(WorkflowStatus.Failed, null, failed.Problem);
            throw new DurableCallException(failed.Problem, failed);
        }
        catch (ProblemException refused)
        {
            told.Ended(WorkflowStatus.Failed, null, refused.Problem);
            throw new DurableCallException(refused.Problem, refused);
        }
    }

    /// <summary>Runs a share of a wide fan-out: the orchestration <see cref="DurableNames.FanOut"/>.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">Its input.</param>
    /// <returns>The results in the order of the inputs.</returns>
    /// <exception cref="DurableCallException">One failed, with the problem.</exception>
    public static async Task<JsonElement> RunFanOutAsync(IDurableContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        var call = DurableJson.Read<FanOutCall>(input);
        var outputs = new List<JsonElement>(call.Inputs.Count);
        try
        {
            foreach (var one in call.Inputs)
            {
                outputs.Add(await DurableActivities.CallAsync(context, call.Activity, one, call.Retry).ConfigureAwait(true));
            }

            return DurableJson.Element<IReadOnlyList<JsonElement>>(outputs, call.Activity);
        }
        catch (ActivityFailedException failed)
        {
            throw new DurableCallException(failed.Problem, failed);
        }
    }

    /// <summary>Runs an activity. A problem that is final is its answer; what may pass (one of the policy's codes, or one that says when to ask again) is thrown, so that the engine's retry policy sees it; a full queue is an answer that says when to ask again.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The activity function's input.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <exception cref="DurableCallException">It failed and may be tried again.</exception>
    public async Task<JsonElement> RunActivityAsync(string name, JsonElement input, CancellationToken cancellationToken)
    {
        var call = DurableJson.Read<ActivityCall>(input);
        var activity = new KeyValuePair<string, object?>("activity", name);
        var start = Stopwatch.GetTimestamp();
        var outcome = "failed";
        using var memory = profiler?.Begin(name);
        try
        {
            var run = registry.Activity(name);
            var value = DurableJson.Parse(await run(call.Input.GetRawText(), cancellationToken).ConfigureAwait(false));
            outcome = "completed";
            return Answer(new ActivityAnswer(value));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "stopped";
            throw;
        }
        catch (ProblemException full) when (full.Problem.Code is "queue-full" or "rate-limited")
        {
            outcome = "busy";
            return Answer(new ActivityAnswer(Busy: (full.RetryAfter ?? FullWithoutWord).TotalSeconds));
        }
        catch (ProblemException refused)
        {
            return Refused(refused, call);
        }
        catch (Exception error)
        {
            // The type and its message, never a stack trace.
            throw new DurableCallException(new Problem("internal-error", $"{error.GetType().Name}: {error.Message}"), error);
        }
        finally
        {
            Instruments.ActivityDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, activity, new KeyValuePair<string, object?>("outcome", outcome));
            if (memory?.Read() is { } profile)
            {
                Instruments.ActivityAllocated.Record(profile.AllocatedBytes, activity);
                Instruments.ActivityPeak.Record(profile.PeakResidentBytes, activity);
            }
        }
    }

    /// <summary>Starts a workflow that another waits for, or looks whether it has ended: the activity <see cref="DurableNames.Join"/>.</summary>
    /// <param name="input">The activity function's input.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <exception cref="DurableCallException">It failed and may be tried again.</exception>
    public async Task<JsonElement> JoinAsync(JsonElement input, CancellationToken cancellationToken)
    {
        var call = DurableJson.Read<ActivityCall>(input);
        try
        {
            var answer = await LookAsync(DurableJson.Read<JoinCall>(call.Input), cancellationToken).ConfigureAwait(false);
            return Answer(new ActivityAnswer(DurableJson.Element(answer, DurableNames.Join)));
        }
        catch (ProblemException refused)
        {
            return Refused(refused, call);
        }
    }

    private static JsonElement Answer(ActivityAnswer answer) => DurableJson.Element(answer, "An answer");

    // What is final is an answer; what may pass is thrown, for the retry policy to see.
    private static JsonElement Refused(ProblemException refused, ActivityCall call) =>
        refused.RetryAfter is null && !(call.Retried ?? RetryPolicy.Default.RetriedCodes!).Contains(refused.Problem.Code)
            ? Answer(new ActivityAnswer(Problem: refused.Problem))
            : throw new DurableCallException(refused.Problem, refused);

    private async Task<JoinAnswer> LookAsync(JoinCall call, CancellationToken cancellationToken)
    {
        if (call.Input is { } begin)
        {
            await client.StartForAsync(call.For, call.Workflow, call.InstanceId, begin, cancellationToken).ConfigureAwait(false);
        }

        var state = await client.FindAsync(call.InstanceId, cancellationToken).ConfigureAwait(false);
        return state?.Status switch
        {
            WorkflowStatus.Cancelled when await client.ReturnsAsync(call.InstanceId, cancellationToken).ConfigureAwait(false) => new JoinAnswer(false),
            WorkflowStatus.Completed => new JoinAnswer(true, state.Output),
            WorkflowStatus.Failed => new JoinAnswer(true, Problem: state.Problem),
            null or WorkflowStatus.Cancelled => new JoinAnswer(true, Problem: new Problem("workflow-cancelled", "The sub-workflow was cancelled.", call.InstanceId)),
            _ => new JoinAnswer(false),
        };
    }

    /// <summary>Tells what becomes of a run, but not what a replay only repeats.</summary>
    private sealed class Told(string name, IDurableContext context, JsonElement input, Action<WorkflowState>? changed)
    {
        private JsonElement? status;

        public void Running(JsonElement value)
        {
            status = value;
            Tell(WorkflowStatus.Running, null, null);
        }

        public void Ended(WorkflowStatus end, JsonElement? output, Problem? problem)
        {
            if (!context.IsReplaying)
            {
                Instruments.WorkflowsEnded.Add(1, new("workflow", name), new("status", end == WorkflowStatus.Completed ? "completed" : "failed"));
            }

            Tell(end, output, problem);
        }

        private void Tell(WorkflowStatus run, JsonElement? output, Problem? problem)
        {
            if (changed is not null && !context.IsReplaying)
            {
                var now = new DateTimeOffset(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
                changed(new WorkflowState(context.InstanceId, name, run, now, now, input, status, output, problem));
            }
        }
    }
}
