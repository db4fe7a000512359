namespace AiAssignments.Onnx.Inspection;

/// <summary>What an ONNX file may be at most before it is given to a runtime.</summary>
public sealed record OnnxLimits
{
    /// <summary>The defaults.</summary>
    public static OnnxLimits Default { get; } = new();

    /// <summary>Bytes of the graph file itself. Default 2 GiB - 1, protobuf's own limit.</summary>
    public long FileBytes { get; init; } = int.MaxValue;

    /// <summary>Bytes of the graph file and its external data together. Default 64 GiB.</summary>
    public long TotalBytes { get; init; } = 64L << 30;

    /// <summary>Nodes, those of subgraphs and of expanded functions included. Default 1,000,000.</summary>
    public long Nodes { get; init; } = 1_000_000;

    /// <summary>Graphs inside graphs (the bodies of <c>If</c>, <c>Loop</c>, <c>Scan</c>). Default 16.</summary>
    public int GraphDepth { get; init; } = 16;

    /// <summary>Bytes that one sparse initializer may take once it is made dense. Default 1 GiB.</summary>
    public long DenseBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Elements of an input or output whose shape is fixed, and of what a node makes from a size that stands in the file (<c>ConstantOfShape</c>, <c>Expand</c>,
    /// <c>Tile</c>, <c>Resize</c>, <c>Range</c> and the like). Default 2^31 - 1. Sizes that depend on data are bounded only by the memory of the process or its
    /// container: an untrusted model belongs into one with a limit.
    /// </summary>
    public long ValueElements { get; init; } = int.MaxValue;

    /// <summary>Bytes of names that an inspection keeps in memory. Default 256 MiB.</summary>
    public long KeptBytes { get; init; } = 256L << 20;
}
