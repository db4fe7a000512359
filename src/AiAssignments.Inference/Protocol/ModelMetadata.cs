namespace AiAssignments.Inference.Protocol;

/// <summary>What a model takes and gives, as the protocol tells it.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Versions">Versions that answer or could.</param>
/// <param name="Platform"><c>onnxruntime_onnx</c>.</param>
/// <param name="Inputs">The graph's own tensors first, then those that a model with a card takes beside them.</param>
/// <param name="Outputs">Likewise.</param>
public sealed record ModelMetadata(string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs)
{
    /// <summary>Content hash of the version that was asked about, as <see cref="Serving.ModelStatus.ContentHash"/>; beside what the protocol asks for.</summary>
    public string? ContentHash { get; init; }
}
