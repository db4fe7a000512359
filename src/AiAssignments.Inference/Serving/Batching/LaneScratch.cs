namespace AiAssignments.Inference.Serving.Batching;

/// <summary>What a lane uses again from batch to batch.</summary>
internal sealed class LaneScratch
{
    /// <summary>The rows under way.</summary>
    public List<QueuedRow> Batch { get; } = [];

    /// <summary>Rows of each request in the batch.</summary>
    public Dictionary<ServeRequest, int> Shares { get; } = [];

    public void Clear()
    {
        Batch.Clear();
        Shares.Clear();
    }
}
