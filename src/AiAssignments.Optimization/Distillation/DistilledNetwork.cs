using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation;

/// <summary>A trained student and what is known about it.</summary>
/// <typeparam name="TInput">What an example is to it.</typeparam>
/// <param name="Network">The network.</param>
/// <param name="Facts">Figures of the training.</param>
/// <param name="Curves">One learning curve a seed, in their order.</param>
/// <param name="Validation">The records of its validation split, ascending.</param>
public sealed record DistilledNetwork<TInput>(
    Network<TInput> Network, DistillationFacts Facts, IReadOnlyList<LearningCurve> Curves, IReadOnlyList<int> Validation);
