namespace AiAssignments.Evaluation.Results;

/// <summary>Counts of top probabilities in equal-width bins over 0..1.</summary>
/// <param name="Right">Of right predictions.</param>
/// <param name="Wrong">Of wrong predictions.</param>
public sealed record ScoreHistogram(IReadOnlyList<long> Right, IReadOnlyList<long> Wrong);
