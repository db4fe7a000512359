using AiAssignments.Core.Datasets;

namespace AiAssignments.Inference.Scoring;

/// <summary>A record with its prediction, or with the reason it has none (an image that cannot be decoded, logits that are not finite).</summary>
/// <param name="Record">The record.</param>
/// <param name="Prediction">The prediction; <c>null</c> with an error.</param>
/// <param name="Error">Why there is none.</param>
public sealed record ScoredRecord(DatasetRecord Record, Prediction? Prediction, RecordError? Error);
