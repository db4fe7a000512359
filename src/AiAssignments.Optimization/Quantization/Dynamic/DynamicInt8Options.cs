using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>How <see cref="DynamicInt8Pass"/> quantizes.</summary>
public sealed record DynamicInt8Options
{
    /// <summary>A scale for each output column of a product, and for each row of an embedding table. Default true.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>int8 around zero (default), which ONNX Runtime multiplies fastest; or uint8 with a zero point.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>Whether weights of products use 7 bits. Default: where this processor needs it. Embedding tables always use 8.</summary>
    public ReducedRange ReducedRange { get; init; } = ReducedRange.Auto;

    /// <summary>Whether tables of <c>Gather</c> are quantized too. Default true: they are a fifth of BERT's weights and more of smaller models'.</summary>
    public bool Embeddings { get; init; } = true;

    /// <summary>Weights with fewer elements stay in float. Default 256.</summary>
    public int SmallestWeight { get; init; } = 256;

    /// <summary>Which nodes. Default all.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
