namespace AiAssignments.Pipeline.Gateway;

/// <summary>Cuts a page out of a stream in whatever order. Memory is one page, however many there are.</summary>
internal static class KeysetListing
{
    /// <summary>Takes the page.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="source">The items, filtered.</param>
    /// <param name="keyOf">Where one stands.</param>
    /// <param name="sorted">The source comes in the asked order of its keys' numbers: the rest is not read once the page is full.</param>
    /// <param name="request">Which page.</param>
    /// <param name="fingerprint">Of the filters and the order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Page<T>> TakeAsync<T>(
        IAsyncEnumerable<T> source, Func<T, SortKey> keyOf, bool sorted, PageRequest request, string fingerprint, CancellationToken cancellationToken)
    {
        var direction = request.Descending ? -1 : 1;
        var after = request.Continuation is { } token ? KeysetCursor.Read(token, fingerprint).Key : (SortKey?)null;

        // The one that stands last is on top, to leave when a better one comes.
        var best = new PriorityQueue<T, SortKey>(Comparer<SortKey>.Create((a, b) => direction * b.CompareTo(a)));
        await foreach (var item in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var key = keyOf(item);
            if (after is { } cursor && direction * key.CompareTo(cursor) <= 0)
            {
                continue;
            }

            if (best.Count <= request.Size)
            {
                best.Enqueue(item, key);
                continue;
            }

            best.TryPeek(out _, out var last);
            if (sorted && direction * key.Number.CompareTo(last.Number) > 0)
            {
                break;
            }

            best.EnqueueDequeue(item, key);
        }

        var more = best.Count > request.Size;
        if (more)
        {
            best.Dequeue();
        }

        var end = best.TryPeek(out _, out var lastKey) && more ? new KeysetCursor(fingerprint, lastKey.Number, lastKey.Text, lastKey.Id).Write() : null;
        var items = new T[best.Count];
        for (var i = items.Length - 1; i >= 0; i--)
        {
            items[i] = best.Dequeue();
        }

        return new Page<T>(items, end);
    }
}
