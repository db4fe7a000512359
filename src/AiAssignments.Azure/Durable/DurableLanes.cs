namespace AiAssignments.Azure.Durable;

/// <summary>Does many things, a bounded number at a time, on the orchestrator's thread and in an order that only the history decides.</summary>
internal static class DurableLanes
{
    /// <summary>Ends when all are done, or as soon as one has failed; none is begun after that.</summary>
    /// <param name="count">How many.</param>
    /// <param name="width">Most at a time.</param>
    /// <param name="work">Does one.</param>
    public static Task RunAsync(int count, int width, Func<int, Task> work)
    {
        var end = new TaskCompletionSource();
        var (next, done) = (0, 0);

        async Task LaneAsync()
        {
            try
            {
                while (next < count && !end.Task.IsCompleted)
                {
                    await work(next++).ConfigureAwait(true);
                    done++;
                }

                if (done == count)
                {
                    end.TrySetResult();
                }
            }
            catch (Exception failure)
            {
                end.TrySetException(failure);
            }
        }

        if (count == 0)
        {
            end.SetResult();
        }

        for (var lane = 0; lane < Math.Min(width, count); lane++)
        {
            _ = LaneAsync();
        }

        return end.Task;
    }
}
