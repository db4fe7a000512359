namespace AiAssignments.Optimization.Quantization.Half;

/// <summary>How <see cref="Float16Pass"/> converts.</summary>
public sealed record Float16Options
{
    /// <summary>Operators that stay in float32 beside those that always do (sums over many elements, resizing, recurrent layers, control flow). Default none.</summary>
    public IReadOnlyList<string> KeepOperators { get; init; } = [];

    /// <summary>Which nodes. Default all.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
