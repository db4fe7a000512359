using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Records;

/// <summary>A caller's records.</summary>
internal sealed class RecordRequest(PredictionSink sink) : ServeRequest
{
    /// <summary>Gathers their predictions; rows of different batches write to different places.</summary>
    public PredictionSink Sink => sink;
}
