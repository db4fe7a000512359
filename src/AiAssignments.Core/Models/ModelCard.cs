namespace AiAssignments.Core.Models;

/// <summary>The facts about one model version. Stored as <c>model-card.json</c> (camelCase) beside <c>model.onnx</c>.</summary>
public sealed record ModelCard
{
    /// <summary>Model name: lower-case letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Version; the first 12 hex digits of the content hash when the author gave none.</summary>
    public required string Version { get; init; }

    /// <summary>What the model does.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Label names in the order of the model's outputs.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The tokenizer, for text tasks.</summary>
    public TokenizerSpec? Tokenizer { get; init; }

    /// <summary>The preprocessing, for images.</summary>
    public ImagePreprocessing? Image { get; init; }

    /// <summary>One or two sentences for a person.</summary>
    public string? Description { get; init; }

    /// <summary>SPDX licence expression or a sentence.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on.</summary>
    public string? TrainingData { get; init; }

    /// <summary>Figures its author claims, by name, with how they were obtained in the name (for example <c>accuracy (SST-2, own validation split)</c>).</summary>
    public IReadOnlyDictionary<string, double>? Claims { get; init; }

    /// <summary>Set for an optimized version.</summary>
    public ModelLineage? Lineage { get; init; }
}
