namespace AiAssignments.Inference.Serving.Batching;

/// <summary>What a lane uses again from batch to batch.</summary>
internal sealed class LaneScratch
{
    /// <summary>The rows under way.</summary>
    public List<QueuedRow> Batch { get; } = [];

    /// <summary>Rows of one request, when a batch must be run request by request.</summary>
    public List<QueuedRow> Part { get; } = [];

    /// <summary>Rows of each request in the batch.</summary>
    public Dictionary<ServeRequest, int> Shares { get; } = [];

    public void Clear()
    {
        Batch.Clear();
        Part.Clear();
        Shares.Clear();
    }
}
