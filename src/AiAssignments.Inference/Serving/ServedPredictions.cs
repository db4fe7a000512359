using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;

namespace AiAssignments.Inference.Serving;

/// <summary>The predictions of one request.</summary>
/// <param name="Key">The version that answered.</param>
/// <param name="Card">Its card.</param>
/// <param name="Records">One a record, in order; with logits when asked for.</param>
/// <param name="Timing">Where the time went.</param>
public sealed record ServedPredictions(ModelKey Key, ModelCard Card, IReadOnlyList<ScoredRecord> Records, ServeTiming Timing);
