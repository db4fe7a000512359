using System.Buffers;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Records;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>A decoded image, in rented memory.</summary>
internal sealed class ImageRow(RecordRequest request, int record, float[] pixels) : QueuedRow(request, 1)
{
    private float[]? rented = pixels;

    /// <summary>Its floats; the array may be longer.</summary>
    public float[] Pixels => rented!;

    public int Record => record;

    public PredictionSink Sink => request.Sink;

    /// <inheritdoc />
    public override void Release()
    {
        if (Interlocked.Exchange(ref rented, null) is { } own)
        {
            ArrayPool<float>.Shared.Return(own);
        }
    }
}
