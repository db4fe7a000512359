namespace AiAssignments.Inference.Serving.Batching;

/// <summary>
/// The lanes of a server: threads of their own, so that a run of some milliseconds holds none of the pool's, shared by all models in turn, so that no more
/// batches run than there are cores for. They are started with the first request.
/// </summary>
internal sealed class LaneDispatcher(int lanes) : IDisposable
{
    private readonly object gate = new();
    private readonly Queue<BatchQueue> ready = [];
    private readonly List<Thread> threads = [];
    private int idle;
    private bool stopped;

    /// <summary>Number of lanes.</summary>
    public int Lanes => lanes;

    /// <summary>Queues in line.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return ready.Count;
            }
        }
    }

    /// <summary>Puts a queue in line; it is served once.</summary>
    public void Ready(BatchQueue queue)
    {
        lock (gate)
        {
            ready.Enqueue(queue);
            if (ready.Count <= idle)
            {
                Monitor.Pulse(gate);
            }
            else if (threads.Count < lanes && !stopped)
            {
                var thread = new Thread(Loop) { IsBackground = true, Name = $"inference lane {threads.Count}" };
                threads.Add(thread);
                thread.Start();
            }
        }
    }

    /// <summary>Ends the lanes after what is in line.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private void Loop()
    {
        var scratch = new LaneScratch();
        while (Next() is { } next)
        {
            next.Queue.Serve(scratch, next.Idle);
        }
    }

    private (BatchQueue Queue, int Idle)? Next()
    {
        lock (gate)
        {
            idle++;
            while (ready.Count == 0)
            {
                if (stopped)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            // Lanes that have not started yet are idle, too.
            var free = idle + lanes - threads.Count;
            idle--;
            return (ready.Dequeue(), free);
        }
    }
}
