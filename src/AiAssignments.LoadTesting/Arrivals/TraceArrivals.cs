namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>The times of a recorded trace, at its own speed or a multiple of it.</summary>
/// <param name="entries">In order.</param>
/// <param name="speed">2: twice as fast.</param>
public sealed class TraceArrivals(IReadOnlyList<TraceEntry> entries, double speed = 1) : IArrivals
{
    private int next;

    /// <inheritdoc />
    public bool TryNext(out long ticks)
    {
        if (next >= entries.Count)
        {
            ticks = 0;
            return false;
        }

        ticks = (long)(entries[next++].Ticks / speed);
        return true;
    }
}
