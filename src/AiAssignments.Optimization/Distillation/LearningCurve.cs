namespace AiAssignments.Optimization.Distillation;

/// <summary>How one seed's training went; for a chart.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Points">One an epoch, in order.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, 1-based.</param>
public sealed record LearningCurve(ulong Seed, IReadOnlyList<LearningCurvePoint> Points, int BestEpoch);
