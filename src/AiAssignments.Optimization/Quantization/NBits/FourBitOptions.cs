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

    /// <summary>
    /// Whether tables in int8 are enough, where no product can be quantized or all of them stay in float. Default false: such a graph is refused, because nothing
    /// would be in 4 bits.
    /// </summary>
    public bool TablesAlone { get; init; }

    /// <summary>
    /// Whether a product is quantized even where its weight stays in the file in float for another node. Default false, because the file would be larger; true to
    /// measure what the layer does to the outputs.
    /// </summary>
    public bool BesideFloat { get; init; }

    /// <summary>Which nodes. Default all.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
