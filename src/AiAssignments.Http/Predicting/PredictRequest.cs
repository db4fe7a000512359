using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http.Predicting;

/// <summary>What a predict request asks for.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Options">What is wanted of each.</param>
internal readonly record struct PredictRequest(IReadOnlyList<PredictionInput> Inputs, PredictionOptions Options);
