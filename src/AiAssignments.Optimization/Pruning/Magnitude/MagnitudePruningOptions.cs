using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Magnitude;

/// <summary>How <see cref="MagnitudePruningPass"/> prunes.</summary>
public sealed record MagnitudePruningOptions
{
    /// <summary>Share of the weights that are zero afterwards, above 0 and below 1; those that are zero already count. Default 0.2.</summary>
    public double Amount { get; init; } = 0.2;

    /// <summary>Among which weights the smallest are chosen. Default: all together.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Global;

    /// <summary>Whether embedding tables (of <c>Gather</c>) are pruned too. Default false: as usual, weights of products and convolutions only.</summary>
    public bool Embeddings { get; init; }

    /// <summary>Which nodes. Default all. A weight that an excluded node uses too is left alone.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
