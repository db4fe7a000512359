using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>A finished student.</summary>
public sealed record DistillationResult
{
    /// <summary>Folder with its <c>model.onnx</c> and <c>model-card.json</c>, ready for <c>ModelRegistry.RegisterAsync</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Its card, lineage included.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>One learning curve a seed.</summary>
    public required IReadOnlyList<LearningCurve> Curves { get; init; }

    /// <summary>Figures of the training.</summary>
    public required DistillationFacts Facts { get; init; }

    /// <summary>Numbers in the student's graph.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of its graph.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Largest difference between the graph's logits in ONNX Runtime and the trained network's, relative to the row's largest (to 1 at least), over validation records.</summary>
    public required double LargestDifference { get; init; }
}
