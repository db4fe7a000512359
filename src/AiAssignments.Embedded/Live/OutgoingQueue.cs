namespace AiAssignments.Embedded.Live;

/// <summary>The bounded queue of one client. Not thread-safe.</summary>
/// <param name="capacity">Most messages, 1 or more.</param>
internal sealed class OutgoingQueue(int capacity)
{
    private readonly LinkedList<OutgoingMessage> messages = new();

    public int Count => messages.Count;

    public bool IsFull => messages.Count >= capacity;

    /// <summary>Takes a message in. Full, it replaces a waiting one with the same key, or pushes out the oldest one whose key has a newer one waiting.</summary>
    /// <returns><c>false</c> when there is no place: every waiting message is the last word on something.</returns>
    public bool Offer(in OutgoingMessage message)
    {
        if (!IsFull)
        {
            messages.AddLast(message);
            return true;
        }

        return message.Key is { } key && (Replace(key, message) || PushOut(message));
    }

    public bool TryTake(out OutgoingMessage message)
    {
        if (messages.First is not { } first)
        {
            message = default;
            return false;
        }

        messages.RemoveFirst();
        message = first.Value;
        return true;
    }

    private bool Replace(string key, in OutgoingMessage message)
    {
        for (var node = messages.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Key == key)
            {
                node.Value = message;
                return true;
            }
        }

        return false;
    }

    private bool PushOut(in OutgoingMessage message)
    {
        var newer = new HashSet<string>(StringComparer.Ordinal);
        LinkedListNode<OutgoingMessage>? oldest = null;
        for (var node = messages.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Key is { } key && !newer.Add(key))
            {
                oldest = node;
            }
        }

        if (oldest is null)
        {
            return false;
        }

        messages.Remove(oldest);
        messages.AddLast(message);
        return true;
    }
}
