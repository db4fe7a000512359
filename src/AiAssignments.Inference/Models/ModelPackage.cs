using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Models;

/// <summary>A model folder (or file) that was read, checked and found to fit together.</summary>
public sealed record ModelPackage
{
    /// <summary>The model's card: from its file, or made from a Hugging Face export's configuration.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Full path of the graph.</summary>
    public required string OnnxPath { get; init; }

    /// <summary>Full path of the model's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Full path of the folder with the tokenizer's files; <see cref="Folder"/> unless said otherwise.</summary>
    public required string TokenizerFolder { get; init; }

    /// <summary>What the graph takes and gives.</summary>
    public required OnnxSignature Signature { get; init; }

    /// <summary><c>xxh128:</c> and 32 hex digits over the names and bytes of the files that decide the model's numbers, and over what the user said otherwise.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The content hash under which it was registered, which is another one where its card was written anew for the registry; <c>null</c> where it comes from no registry.</summary>
    public string? RegisteredHash { get; init; }

    /// <summary>Bytes of those files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>The files that make the model, to be copied elsewhere: the graph, its external data, its tokenizer and configuration.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>Sentences a person should see, for example that a quantized graph was the only one.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How records are bound to the graph.</summary>
    internal ModelBinding Binding { get; init; } = null!;
}
