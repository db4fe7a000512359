using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Records;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>A text, or a window of a sentence.</summary>
internal sealed class SequenceRow(RecordRequest request, SequenceItem item) : QueuedRow(request, item.Ids.Length)
{
    public SequenceItem Item => item;

    public PredictionSink Sink => request.Sink;
}
