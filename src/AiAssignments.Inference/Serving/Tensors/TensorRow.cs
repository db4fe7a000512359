using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>One row of a caller's tensors, or all of them where they cannot be taken apart.</summary>
/// <param name="request">Whose it is.</param>
/// <param name="row">Ordinal of the row; -1 for all.</param>
/// <param name="length">Ids of the row; 1 where rows are not padded.</param>
internal sealed class TensorRow(TensorRequest request, int row, int length) : QueuedRow(request, length)
{
    public TensorRequest Tensors => request;

    public int Row => row;
}
