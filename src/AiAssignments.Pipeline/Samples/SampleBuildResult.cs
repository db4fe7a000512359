using AiAssignments.Core.Models;

namespace AiAssignments.Pipeline.Samples;

/// <summary>What became of one sample model.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Folder">The model's folder; <c>null</c> when it was not built.</param>
/// <param name="Card">Its card; <c>null</c> when it was not built.</param>
/// <param name="Missing">What was looked for and not found; <c>null</c> when it was built.</param>
public sealed record SampleBuildResult(string Name, string? Folder, ModelCard? Card, string? Missing);
