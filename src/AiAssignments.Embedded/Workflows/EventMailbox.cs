using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Matches events from outside with those who wait for them: by name, first come first served, whichever side comes first.</summary>
internal sealed class EventMailbox
{
    private readonly Dictionary<string, Queue<JournalRow>> arrived = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Action<string>>> waiters = new(StringComparer.Ordinal);
    private readonly List<long> taken = [];
    private int waiting;

    public bool HasWaiters => waiting > 0;

    public IReadOnlyList<long> Taken => taken;

    public void Wait(string name, Action<string> received)
    {
        if (arrived.TryGetValue(name, out var rows) && rows.TryDequeue(out var row))
        {
            taken.Add(row.Sequence);
            received(row.Payload!);
            return;
        }

        waiting++;
        Queue(waiters, name).Enqueue(received);
    }

    public void Deliver(JournalRow row)
    {
        if (waiters.TryGetValue(row.Name!, out var queue) && queue.TryDequeue(out var received))
        {
            waiting--;
            taken.Add(row.Sequence);
            received(row.Payload!);
            return;
        }

        Queue(arrived, row.Name!).Enqueue(row);
    }

    private static Queue<T> Queue<T>(Dictionary<string, Queue<T>> queues, string name)
    {
        if (!queues.TryGetValue(name, out var queue))
        {
            queues.Add(name, queue = new Queue<T>());
        }

        return queue;
    }
}
