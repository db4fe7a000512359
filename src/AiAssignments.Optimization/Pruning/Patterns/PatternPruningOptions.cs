using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Patterns;

/// <summary>How <see cref="PatternPruningPass"/> prunes.</summary>
public sealed record PatternPruningOptions
{
    /// <summary>Weights of a group that may be other than zero, 1 to <see cref="M"/> - 1. Default 2.</summary>
    public int N { get; init; } = 2;

    /// <summary>Weights of a group, 2 to 64. Default 4.</summary>
    public int M { get; init; } = 4;

    /// <summary>Which nodes. Default all. A weight that an excluded node uses too is left alone.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
