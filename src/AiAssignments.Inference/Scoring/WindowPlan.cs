namespace AiAssignments.Inference.Scoring;

/// <summary>
/// Cuts a sentence that is longer than the model's input into overlapping windows, and gives each position to one of them. Windows are worked out, not
/// listed, so that a position's window costs the number of windows over it and not of all windows.
/// </summary>
/// <param name="positions">Positions of the sentence, special ones left out; at least 1.</param>
/// <param name="capacity">Positions a window holds; at least 1.</param>
/// <param name="overlap">Positions that neighbours share, at most <paramref name="capacity"/> - 1.</param>
internal sealed class WindowPlan(int positions, int capacity, int overlap)
{
    private readonly int step = Math.Max(1, capacity - overlap);

    /// <summary>Number of windows.</summary>
    public int Count => positions <= capacity ? 1 : 1 + ((positions - capacity + step - 1) / step);

    /// <summary>First position of a window.</summary>
    /// <param name="window">0 to <see cref="Count"/> - 1.</param>
    public int Start(int window) => window * step;

    /// <summary>One past the last position of a window.</summary>
    /// <param name="window">0 to <see cref="Count"/> - 1.</param>
    public int End(int window) => (int)Math.Min(positions, ((long)window * step) + capacity);

    /// <summary>The window in which a position is farthest from a cut (the sentence's own ends are no cuts); the first of equals.</summary>
    /// <param name="position">The position.</param>
    public int Owner(int position)
    {
        // From one window over a position to the next, the cut to its left comes nearer and the cut to its right goes away: the best is where that turns.
        var last = Count - 1;
        var owner = position < capacity ? 0 : Math.Min(last, ((position - capacity) / step) + 1);
        while (owner < last && Distance(owner + 1, position) > Distance(owner, position))
        {
            owner++;
        }

        return owner;
    }

    private int Distance(int window, int position)
    {
        var (start, end) = (Start(window), End(window));
        if (position < start || position >= end)
        {
            return -1;
        }

        var left = start == 0 ? int.MaxValue : position - start;
        var right = end == positions ? int.MaxValue : end - 1 - position;
        return Math.Min(left, right);
    }
}
