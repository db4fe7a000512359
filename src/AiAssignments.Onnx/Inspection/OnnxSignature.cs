namespace AiAssignments.Onnx.Inspection;

/// <summary>What a graph takes and gives, and how large it is; read without loading its weights.</summary>
public sealed record OnnxSignature
{
    /// <summary>Inputs that a caller must bind, in the graph's order (initializers listed as inputs by old files are left out).</summary>
    public required IReadOnlyList<OnnxValue> Inputs { get; init; }

    /// <summary>Outputs in the graph's order.</summary>
    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>Version of the default operator set.</summary>
    public required long Opset { get; init; }

    /// <summary>Version of the ONNX intermediate representation.</summary>
    public required long IrVersion { get; init; }

    /// <summary>What wrote the file, for example <c>pytorch</c>; empty when it does not say.</summary>
    public required string Producer { get; init; }

    /// <summary>Nodes, those of subgraphs and functions included.</summary>
    public required long Nodes { get; init; }

    /// <summary>Elements of all initializers that are weights: floating point, 8-bit or smaller integers (shapes and axes are int64 and do not count).</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the file and its external data.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>External data files, relative to the file's folder with <c>/</c>, sorted by ordinal.</summary>
    public required IReadOnlyList<string> ExternalFiles { get; init; }
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">Its element type; <c>Undefined</c> for what is not a tensor.</param>
/// <param name="Shape">Its sizes; <c>null</c> when the graph does not say even the rank.</param>
public sealed record OnnxValue(string Name, TensorProto.Types.DataType ElementType, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>For a person: <c>input_ids: int64 [batch, sequence]</c>.</summary>
    public override string ToString() =>
        $"{Name}: {ElementType.ToString().ToLowerInvariant()} {(Shape is null ? "of unknown rank" : $"[{string.Join(", ", Shape)}]")}";
}

/// <summary>One size of a shape.</summary>
/// <param name="Size">Set when fixed; never negative.</param>
/// <param name="Symbol">The name of a size that is not fixed; <c>null</c> when it has none.</param>
public readonly record struct OnnxDimension(long? Size, string? Symbol)
{
    /// <inheritdoc />
    public override string ToString() =>
        Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (string.IsNullOrEmpty(Symbol) ? "?" : Symbol);
}
