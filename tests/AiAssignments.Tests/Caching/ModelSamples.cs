using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Tests.Caching;

/// <summary>Versions' facts, without files.</summary>
internal static class ModelSamples
{
    public const string Hash = "sha256:00";

    public static ModelVersion Version(string name, string version, bool active, string hash = Hash, ModelTask task = ModelTask.TextClassification) => new()
    {
        Card = new ModelCard { Name = name, Version = version, Task = task, Labels = ["no", "yes"] },
        ContentHash = hash,
        SizeBytes = 1,
        Parameters = 1,
        Files = ["model.onnx"],
        RegisteredAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(version.Sum(c => c)),
        Active = active,
    };
}
