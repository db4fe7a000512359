namespace AiAssignments.Inference.Scoring;

/// <summary>Forms batches of similar length.</summary>
internal static class BatchPlanner
{
    /// <summary>
    /// Sorts by length (longest first, so that memory is asked for once; equals by their place) and cuts where the padded ids or the rows reach their bound.
    /// Depends on the lengths only.
    /// </summary>
    /// <param name="lengths">Ids of each item.</param>
    /// <param name="tokens">Most padded ids of a batch.</param>
    /// <param name="rows">Most rows of a batch.</param>
    /// <returns>Item ordinals of each batch.</returns>
    public static List<ArraySegment<int>> Plan(IReadOnlyList<int> lengths, int tokens, int rows)
    {
        var order = new int[lengths.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => lengths[b] != lengths[a] ? lengths[b].CompareTo(lengths[a]) : a.CompareTo(b));
        var batches = new List<ArraySegment<int>>();
        for (var start = 0; start < order.Length;)
        {
            var fits = Math.Clamp(tokens / Math.Max(1, lengths[order[start]]), 1, rows);
            var count = Math.Min(fits, order.Length - start);
            batches.Add(new(order, start, count));
            start += count;
        }

        return batches;
    }
}
