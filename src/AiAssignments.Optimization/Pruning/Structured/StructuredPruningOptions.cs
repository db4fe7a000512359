using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>How <see cref="StructuredPruningPass"/> prunes.</summary>
public sealed record StructuredPruningOptions
{
    /// <summary>Share of the channels, rows or heads of each group that leave, above 0 and below 1: <c>round(amount * units)</c>, and at least one unit stays. Default 0.2.</summary>
    public double Amount { get; init; } = 0.2;

    /// <summary>Whether output channels of convolutions are pruned. Default true.</summary>
    public bool Channels { get; init; } = true;

    /// <summary>Whether rows between two products (feed-forward parts, hidden layers of classifiers) are pruned. Default true.</summary>
    public bool Rows { get; init; } = true;

    /// <summary>Whether attention heads are pruned. Default true.</summary>
    public bool Heads { get; init; } = true;

    /// <summary>
    /// The number of a convolution's channels that stay is the multiple of this that is nearest to what was asked for, but never none and never more than there are.
    /// Default 1: to the channel. For kernels that compute channels in blocks, of 8 or 16, a multiple of these.
    /// </summary>
    public int ChannelMultiple { get; init; } = 1;

    /// <summary>How importance is measured. Default <see cref="FilterNorm.L1"/>.</summary>
    public FilterNorm Norm { get; init; } = FilterNorm.L1;

    /// <summary>
    /// Which nodes may lose outputs. Default all. A node that is left out keeps its filters, rows and heads; its inputs still follow what the nodes before it lost.
    /// Where nodes must lose the same channels (residual sums), all of them must be selected.
    /// </summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
