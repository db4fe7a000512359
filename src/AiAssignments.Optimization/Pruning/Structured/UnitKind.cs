namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>What a unit is.</summary>
internal enum UnitKind
{
    /// <summary>An output channel of a convolution.</summary>
    Channel,

    /// <summary>An output of a product, which is an input of the next.</summary>
    Row,

    /// <summary>An attention head: several outputs of a product that a Reshape splits off.</summary>
    Head,
}
