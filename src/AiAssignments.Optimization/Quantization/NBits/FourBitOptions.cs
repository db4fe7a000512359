namespace AiAssignments.Optimization.Quantization.NBits;

/// <summary>How <see cref="FourBitPass"/> quantizes.</summary>
public sealed record FourBitOptions
{
    /// <summary>Weights of one output that share a scale: a power of two from 16 to 256. Default 32.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>Around zero (default), or with a zero point for each block, which is finer and a little larger.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>Whether embedding tables of <c>Gather</c> become int8 with a scale for each row. Default true.</summary>
    public bool Embeddings { get; init; } = true;

    /// <summary>
    /// Lets ONNX Runtime round activations to int8 inside of the product (its <c>accuracy_level</c> 4), which is faster where it has kernels for it. Default true.
    /// </summary>
    public bool RoundActivations { get; init; } = true;

    /// <summary>Weights with fewer elements stay in float. Default 256.</summary>
    public int SmallestWeight { get; init; } = 256;

    /// <summary>Which nodes. Default all.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
