using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>
/// One instance under way in this process. Its workflow code runs in turns, one at a time, in the order of the journal: a turn hands over one durable result,
/// and the code goes on inside the turn until it waits again. Nothing is handed over before it is durable.
/// </summary>
internal sealed class WorkflowRun : IDisposable
{
    private readonly SqliteWorkflowEngine engine;
    private readonly StepRunner steps;
    private readonly TurnQueue turns;
    private readonly Lock counting = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkflowHistory? history;
    private JournaledWorkflowContext? context;
    private Task<string>? main;
    private string? statusWritten;
    private long lastLoaded;
    private bool ending;
    private bool draining;
    private bool hadChildren;
    private int underWay;
    private volatile ProblemException? fault;
    private volatile ProblemException? halt;

    public WorkflowRun(SqliteWorkflowEngine engine, InstanceRecord instance)
    {
        this.engine = engine;
        Instance = instance;
        statusWritten = instance.CustomStatus;
        steps = new StepRunner(engine, this, stopping.Token);
        turns = new TurnQueue(Take);
    }

    /// <summary>The instance as last written.</summary>
    public InstanceRecord Instance { get; private set; }

    /// <summary>Ends when this run no longer does anything: ended, halted, stopped or followed by another.</summary>
    public Task Left => left.Task;

    public void Start() => turns.Post(Begin);

    /// <summary>Ends the instance as cancelled, once its activities have let go.</summary>
    public void Cancel() => turns.Post(() => Finish(WorkflowStatus.Cancelled, null, null));

    /// <summary>Leaves the instance as it is, to be resumed by another process.</summary>
    public void Stop() => turns.Post(() => Close(Leave(engine.OnStopped)));

    /// <summary>Done by the run itself when it leaves.</summary>
    public void Dispose() => stopping.Dispose();

    /// <summary>Leaves the instance as it is because the journal cannot be written.</summary>
    public void Halt(ProblemException problem)
    {
        if (Interlocked.CompareExchange(ref halt, problem, null) is null)
        {
            turns.Post(() => Close(Leave(run => engine.OnHalted(run, problem.Problem))));
        }
    }

    /// <summary>An event from outside that is durable; ignored when the journal that was loaded had it already.</summary>
    public void Receive(JournalRow row) => turns.Post(() =>
    {
        if (context is not null && row.Sequence > lastLoaded)
        {
            context.Deliver(row);
        }
    });

    /// <summary>Makes a step's row durable, then hands it to the workflow (or to nobody, for a failed try).</summary>
    public void Record(JournalRow row, long replaces = 0, Action? committed = null)
    {
        var (key, generation) = (Instance.Key, Instance.Generation);
        engine.Writer.Enqueue(new JournalWrite(
            tables =>
            {
                if (replaces != 0)
                {
                    tables.Remove(key, replaces);
                }

                tables.Append(key, generation, row);
            },
            committed ?? (() => turns.Post(() => context!.Deliver(row))),
            Halt,
            () => halt is not null));
    }

    /// <summary>Refuses a call that does not come from a turn of this run.</summary>
    public void Guard()
    {
        if (!turns.InTurn)
        {
            var problem = Fault("The workflow awaited something that is not of its context (such as Task.Delay, Task.Run or a request); put it into an activity.");
            turns.Post(static () => { });
            throw problem;
        }
    }

    /// <summary>Ends the instance as failed at the end of this turn, whatever its code makes of the exception.</summary>
    public ProblemException Fault(string message) => fault ??= new ProblemException("workflow-nondeterministic", message, Instance.Id);

    private void Take(Action turn)
    {
        if (ending)
        {
            return;
        }

        try
        {
            turn();
            if (!ending && context is not null)
            {
                AfterTurn();
            }
        }
        catch (ProblemException exception) when (exception == fault)
        {
            Finish(WorkflowStatus.Failed, null, fault.Problem);
        }
        catch (ProblemException exception)
        {
            Halt(exception);
        }
        catch (Exception exception)
        {
            Halt(new ProblemException(Problems.Of(exception), exception));
        }
    }

    private void Begin()
    {
        history = engine.Reader.Load(Instance.Id);
        if (history is null || history.Instance.Ended)
        {
            Close(Leave(engine.OnStopped));
            return;
        }

        Instance = history.Instance;
        statusWritten = Instance.CustomStatus;
        lastLoaded = history.LastSequence;
        hadChildren = history.HasChildren;
        if (Instance.Cancelling)
        {
            hadChildren = true;
            Finish(WorkflowStatus.Cancelled, null, null);
            return;
        }

        var workflow = engine.Registry.Workflow(Instance.Workflow);
        context = new JournaledWorkflowContext(this, engine.Registry, history) { IsReplaying = history.Deliveries.Count > 0 };
        main = workflow(context, Instance.Input);
        for (var i = 0; i < history.Deliveries.Count && !main.IsCompleted && fault is null; i++)
        {
            context.IsReplaying = i + 1 < history.Deliveries.Count;
            context.Deliver(history.Deliveries[i]);
        }

        context.IsReplaying = false;
    }

    private void AfterTurn()
    {
        if (fault is null && main!.IsCompleted && history!.LastStep >= context!.Steps)
        {
            Fault($"The journal has {history.Scheduled(context.Steps)?.Name} as step {context.Steps}, and the workflow now ends without asking for it.");
        }

        if (fault is { } broken)
        {
            Finish(WorkflowStatus.Failed, null, broken.Problem);
        }
        else if (!main!.IsCompleted)
        {
            StartAsked();
            if (!context!.Waits)
            {
                throw Fault("The workflow awaits something that is not of its context (such as Task.Delay, Task.Run or a request); put it into an activity.");
            }
        }
        else if (main.IsCompletedSuccessfully && context!.NextInput is { } input)
        {
            Continue(input);
        }
        else if (main.IsCompletedSuccessfully)
        {
            Finish(WorkflowStatus.Completed, main.Result, null);
        }
        else
        {
            Finish(WorkflowStatus.Failed, null, Problems.Of(main.Exception?.InnerException ?? new TaskCanceledException(main)));
        }
    }

    private void StartAsked()
    {
        var asked = context!.Asked.ToArray();
        context.Asked.Clear();
        var rows = asked
            .Where(step => history!.Scheduled(step.Id) is null)
            .Select(step => new JournalRow(JournalKind.Scheduled, step.Id, engine.NowTicks) { Name = step.Name, Hash = step.Hash })
            .ToArray();
        var status = TakeStatus();
        if (rows.Length > 0 || status is not null || Instance.Status == WorkflowStatus.Pending)
        {
            Write(rows, status);
        }

        hadChildren |= asked.Any(static step => step is ChildStep);
        foreach (var step in asked)
        {
            lock (counting)
            {
                underWay++;
            }

            _ = Task.Run(() => RunStepAsync(step));
        }
    }

    // Not waited for: the rows say what was asked for, and whatever comes of it is written after them.
    private void Write(JournalRow[] rows, string? status)
    {
        var starts = Instance.Status == WorkflowStatus.Pending;
        var now = engine.NowTicks;
        Instance = Instance with { Status = WorkflowStatus.Running, CustomStatus = statusWritten, UpdatedAt = now };
        var written = Instance;
        engine.Writer.Enqueue(new JournalWrite(
            tables =>
            {
                if (starts)
                {
                    tables.SetRunning(written.Key);
                }

                foreach (var row in rows)
                {
                    tables.Append(written.Key, written.Generation, row);
                }

                if (status is not null)
                {
                    tables.SetCustomStatus(written.Key, status, now);
                }
            },
            () =>
            {
                if (starts || status is not null)
                {
                    engine.Report(written);
                }
            },
            Halt,
            () => halt is not null));
    }

    private string? TakeStatus()
    {
        var status = context?.CustomStatus;
        return status is null || status == statusWritten ? null : statusWritten = status;
    }

    private async Task RunStepAsync(WorkflowStep step)
    {
        try
        {
            await steps.RunAsync(step).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run ends; the step is not journaled and would run again.
        }
        catch (Exception exception)
        {
            Halt(exception as ProblemException ?? new ProblemException(Problems.Of(exception), exception));
        }
        finally
        {
            lock (counting)
            {
                underWay--;
                Drain();
            }
        }
    }

    private void Drain()
    {
        if (draining && underWay == 0)
        {
            drained.TrySetResult();
        }
    }

    private void Finish(WorkflowStatus status, string? output, Problem? problem)
    {
        var custom = TakeStatus();
        var ended = Instance with { Status = status, Output = output, Problem = problem is null ? null : WorkflowRegistry.Write(problem, "problem"), CustomStatus = statusWritten, Cancelling = false };
        Close(
            () =>
            {
                ended = ended with { UpdatedAt = engine.NowTicks };
                WriteLast(
                    tables =>
                    {
                        if (custom is not null)
                        {
                            tables.SetCustomStatus(ended.Key, custom, ended.UpdatedAt);
                        }

                        tables.End(ended.Key, ended.Status, ended.Output, ended.Problem, ended.UpdatedAt);
                    },
                    run => engine.OnEnded(run, ended));
            },
            cancelChildren: true);
    }

    private void Continue(string input)
    {
        var taken = context!.EventsTaken;
        var custom = TakeStatus();
        Close(
            () => WriteLast(
                tables =>
                {
                    if (custom is not null)
                    {
                        tables.SetCustomStatus(Instance.Key, custom, engine.NowTicks);
                    }

                    tables.ContinueAsNew(Instance, input, taken, engine.NowTicks);
                },
                engine.OnContinued),
            cancelChildren: true);
    }

    private void WriteLast(Action<JournalTables> apply, Action<WorkflowRun> committed) => engine.Writer.Enqueue(new JournalWrite(
        apply,
        Leave(committed),
        exception => Leave(run => engine.OnHalted(run, (halt ?? exception).Problem))(),
        () => halt is not null));

    private Action Leave(Action<WorkflowRun> tell) => () =>
    {
        tell(this);
        left.TrySetResult();
        Dispose();
    };

    // From here on no turn is taken. Activities see their token and are waited for, so that nothing of this run happens after its end.
    private void Close(Action last, bool cancelChildren = false)
    {
        ending = true;

        // Off the turn: what the token's cancellation runs must not run inside it.
        _ = Task.Run(() => CloseAsync(last, cancelChildren && hadChildren));
    }

    private async Task CloseAsync(Action last, bool cancelChildren)
    {
        try
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            if (cancelChildren)
            {
                await engine.Children.CancelAsync(Instance.Id).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Children that could not be cancelled, or a callback of an activity's token that threw: the end is not written, and can be asked for again.
            halt ??= exception as ProblemException ?? new ProblemException(Problems.Of(exception), exception);
        }

        lock (counting)
        {
            draining = true;
            Drain();
        }

        await drained.Task.ConfigureAwait(false);
        last();
    }
}
