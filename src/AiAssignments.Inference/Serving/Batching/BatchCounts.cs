namespace AiAssignments.Inference.Serving.Batching;

/// <summary>What one version ran since it was first asked for, by the rows of a batch. Thread-safe.</summary>
internal sealed class BatchCounts
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, BatchCount> counts = [];

    public void Add(int rows, TimeSpan ran)
    {
        lock (gate)
        {
            var before = counts.GetValueOrDefault(rows) ?? new(rows, 0, TimeSpan.Zero);
            counts[rows] = before with { Count = before.Count + 1, Inference = before.Inference + ran };
        }
    }

    /// <summary>Ascending by rows.</summary>
    public IReadOnlyList<BatchCount> Read()
    {
        lock (gate)
        {
            return [.. counts.Values];
        }
    }
}
