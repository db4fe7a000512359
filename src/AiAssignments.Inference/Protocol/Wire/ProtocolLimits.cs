namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>What one message may cost. Everything is checked before memory is taken for it.</summary>
public sealed record ProtocolLimits
{
    /// <summary>The defaults.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>Bytes of a body, after decompression; 1 or more. Default 64 MiB.</summary>
    public int BodyBytes { get; init; } = 64 << 20;

    /// <summary>Tensors of a message, 1 or more. Default 64.</summary>
    public int Tensors { get; init; } = 64;

    /// <summary>Dimensions of a tensor, 1..32. Default 16.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Elements of a <c>BYTES</c> tensor, 1 or more. Default 65,536.</summary>
    public int Strings { get; init; } = 65_536;

    /// <summary>Parameters of a message or a tensor. Default 64.</summary>
    public int Parameters { get; init; } = 64;
}
