namespace AiAssignments.Embedded.Live;

/// <summary>The ack ids that a client has used lately, so that a request sent twice is carried out once.</summary>
internal sealed class AckWindow
{
    /// <summary>Ids that are remembered; older ones are forgotten, as the memory of a connection is bounded.</summary>
    public const int Size = 1024;

    private readonly HashSet<ulong> known = [];
    private readonly Queue<ulong> order = new();

    /// <summary>Notes an id; <c>false</c> when it was used before.</summary>
    public bool TryUse(ulong id)
    {
        if (!known.Add(id))
        {
            return false;
        }

        order.Enqueue(id);
        if (order.Count > Size)
        {
            known.Remove(order.Dequeue());
        }

        return true;
    }
}
