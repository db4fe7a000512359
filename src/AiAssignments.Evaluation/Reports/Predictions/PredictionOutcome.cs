using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Predictions;

/// <summary>Whether a row is right.</summary>
internal static class PredictionOutcome
{
    /// <summary>Label equals label, or every tag equals its gold tag; <c>null</c> when there is no truth.</summary>
    public static bool? IsRight(PredictionRow row) => row switch
    {
        { Truth: { } truth } => string.Equals(truth, row.Predicted, StringComparison.Ordinal),
        { TrueTags: { } gold, PredictedTags: { } predicted } => gold.SequenceEqual(predicted, StringComparer.Ordinal),
        _ => null,
    };
}
