using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>Answers predictions with registered models.</summary>
public interface IPredictor
{
    /// <summary>Predicts the inputs of one request.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="inputs">The inputs, 1 or more.</param>
    /// <param name="options">What is wanted of each.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>; <c>input-unfit</c>: an input is not what the model's task takes; <c>option-out-of-range</c>; <c>queue-full</c>; <c>deadline-exceeded</c>; <c>request-too-large</c>.</exception>
    Task<PredictionResult> PredictAsync(string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken);
}
