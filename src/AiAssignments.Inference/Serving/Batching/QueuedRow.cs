namespace AiAssignments.Inference.Serving.Batching;

/// <summary>One row of a graph's input on its way through the queue.</summary>
/// <param name="request">The request it belongs to.</param>
/// <param name="length">Ids of the row; 1 where rows are never padded.</param>
internal abstract class QueuedRow(ServeRequest request, int length)
{
    public ServeRequest Request => request;

    public int Length => length;

    /// <summary>The batch, counted by the queue, in which it is this row's turn.</summary>
    public long Due { get; set; }

    /// <summary>Gives pooled memory back; called once, when the row ran or left.</summary>
    public virtual void Release()
    {
    }
}
