using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>The best of the trained networks.</summary>
/// <param name="Network">The network, with the weights of its best epoch.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Curves">The learning curves of all seeds, in their order.</param>
internal sealed record TrainedStudent<TInput>(Network<TInput> Network, ulong Seed, IReadOnlyList<LearningCurve> Curves);
