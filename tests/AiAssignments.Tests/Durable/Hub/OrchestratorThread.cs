namespace AiAssignments.Tests.Durable.Hub;

/// <summary>Runs an orchestrator's code on one thread, as Durable Functions does: what it awaits elsewhere never comes back here, and is found out.</summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> posted = new();
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <summary>Calls from another thread, and work that was posted from one.</summary>
    public int Violations { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        Check();
        posted.Enqueue((d, state));
    }

    public void Check()
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            Violations++;
            throw new InvalidOperationException("An orchestrator awaited something that is not of its context.");
        }
    }

    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (posted.TryDequeue(out var next))
            {
                next.Work(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
