namespace AiAssignments.Embedded.Workflows;

/// <summary>Runs turns one at a time and in order, each on whatever thread of the pool is free. A turn that awaits nothing of another scheduler goes on inside the call that completes what it awaits.</summary>
/// <param name="take">Runs one turn; must not throw.</param>
internal sealed class TurnQueue(Action<Action> take)
{
    [ThreadStatic]
    private static TurnQueue? current;

    private readonly Queue<Action> turns = new();
    private bool pumping;

    /// <summary>Whether the caller is inside one of the turns.</summary>
    public bool InTurn => current == this;

    /// <summary>Puts a turn behind those that wait.</summary>
    public void Post(Action turn)
    {
        lock (turns)
        {
            turns.Enqueue(turn);
            if (pumping)
            {
                return;
            }

            pumping = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Pump(), this, preferLocal: false);
    }

    private void Pump()
    {
        // Without a synchronization context, what awaits a result goes on inside SetResult, with ConfigureAwait(false) or without: that is the scheduler.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        current = this;
        try
        {
            while (true)
            {
                Action? turn;
                lock (turns)
                {
                    if (!turns.TryDequeue(out turn))
                    {
                        pumping = false;
                        return;
                    }
                }

                take(turn);
            }
        }
        finally
        {
            current = null;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
