using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Does what a workflow asked for, outside its turns, and journals what came of it.</summary>
internal sealed class StepRunner(SqliteWorkflowEngine engine, WorkflowRun run, CancellationToken stopping)
{
    // The longest wait that a timer of the runtime takes is 2^32 - 2 ms.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(20);

    public Task RunAsync(WorkflowStep step)
    {
        if (step.Kept is { } kept)
        {
            run.Record(kept with { Step = step.Id, Name = null, Hash = null }, replaces: kept.Sequence);
            return Task.CompletedTask;
        }

        return step switch
        {
            ActivityStep activity => RunActivityAsync(activity),
            TimerStep timer => RunTimerAsync(timer),
            ChildStep child => RunChildAsync(child),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private async Task RunActivityAsync(ActivityStep step)
    {
        while (true)
        {
            await WaitUntilAsync(step.RetryAt).ConfigureAwait(false);
            var (result, problem, final) = await TryAsync(step).ConfigureAwait(false);
            if (problem is null)
            {
                Complete(step, result!);
                return;
            }

            if (final || ++step.Attempts >= step.Retry.MaxAttempts)
            {
                Fail(step, problem);
                return;
            }

            var now = engine.NowTicks;
            step.RetryAt = now + Delay(step.Retry, step.Attempts).Ticks;
            await RecordAttemptAsync(step, problem, now).ConfigureAwait(false);
        }
    }

    private async Task<(string? Result, Problem? Problem, bool Final)> TryAsync(ActivityStep step)
    {
        await engine.ActivitySlots.WaitAsync(stopping).ConfigureAwait(false);
        using var measured = new ActivityRun(step, run.Instance, engine);
        try
        {
            stopping.ThrowIfCancellationRequested();
            var result = await step.Invoke(step.Input, stopping).ConfigureAwait(false);
            measured.Completed();
            return (result, null, true);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ProblemException exception)
        {
            measured.Failed(exception.Problem);
            return (null, exception.Problem, step.Retry.RetriedCodes?.Contains(exception.Problem.Code) != true);
        }
        catch (Exception exception)
        {
            measured.Failed(Problems.Of(exception));
            return (null, Problems.Of(exception), false);
        }
        finally
        {
            engine.ActivitySlots.Release();
        }
    }

    private Task RecordAttemptAsync(ActivityStep step, Problem problem, long now)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var row = new JournalRow(JournalKind.AttemptFailed, step.Id, now) { Payload = WorkflowRegistry.Write(problem, step.Activity), RetryAt = step.RetryAt };
        run.Record(row, committed: durable.SetResult);

        // When the row cannot be written the run halts, and its token ends this wait.
        return durable.Task.WaitAsync(stopping);
    }

    private async Task RunTimerAsync(TimerStep step)
    {
        await WaitUntilAsync(step.DueAt.UtcTicks).ConfigureAwait(false);
        Complete(step, "null");
    }

    private async Task RunChildAsync(ChildStep step)
    {
        InstanceRecord ended;
        try
        {
            ended = await engine.Children.RunAsync(step, run.Instance, stopping).ConfigureAwait(false);
        }
        catch (ProblemException exception) when (exception.Problem.Code is "workflow-id-conflict" or "instance-id-invalid")
        {
            Fail(step, exception.Problem);
            return;
        }

        if (ended.Status == WorkflowStatus.Completed)
        {
            Complete(step, ended.Output!);
        }
        else if (ended.Status == WorkflowStatus.Cancelled)
        {
            Fail(step, new Problem("workflow-cancelled", "The sub-workflow was cancelled.", step.ChildId));
        }
        else
        {
            Fail(step, WorkflowRegistry.Read<Problem>(ended.Problem!));
        }
    }

    private void Complete(WorkflowStep step, string payload) =>
        run.Record(new JournalRow(JournalKind.Completed, step.Id, engine.NowTicks) { Payload = payload });

    private void Fail(WorkflowStep step, Problem problem) =>
        run.Record(new JournalRow(JournalKind.Failed, step.Id, engine.NowTicks) { Payload = WorkflowRegistry.Write(problem, step.Name) });

    private static TimeSpan Delay(RetryPolicy retry, int failures)
    {
        var ticks = retry.FirstDelay.Ticks * Math.Pow(Math.Max(1, retry.BackoffCoefficient), failures - 1);
        return ticks < retry.MaxDelay.Ticks ? TimeSpan.FromTicks((long)ticks) : retry.MaxDelay;
    }

    private async Task WaitUntilAsync(long due)
    {
        while (due - engine.NowTicks is > 0 and var rest)
        {
            var wait = TimeSpan.FromTicks(Math.Min(rest, LongestWait.Ticks));
            await Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, engine.Time, stopping).ConfigureAwait(false);
        }
    }
}
