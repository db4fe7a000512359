using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Serving;

/// <summary>One version of a served model.</summary>
/// <param name="Key">The version.</param>
/// <param name="State">Its state.</param>
/// <param name="Active">Whether its name stands for it.</param>
/// <param name="Card">Its card; <c>null</c> while it was never opened.</param>
/// <param name="Signature">What its graph takes and gives; <c>null</c> while it was never opened.</param>
/// <param name="Problem">Why its last load failed.</param>
/// <param name="QueuedRows">Rows that wait.</param>
/// <param name="MemoryBytes">Estimated memory, 0 when not loaded.</param>
/// <param name="ExecutionProvider"><c>CPU</c> or <c>CUDA</c> when loaded.</param>
/// <param name="LastUsed">When it last answered.</param>
public sealed record ModelStatus(
    ModelKey Key,
    ModelState State,
    bool Active,
    ModelCard? Card,
    OnnxSignature? Signature,
    Problem? Problem,
    int QueuedRows,
    long MemoryBytes,
    string? ExecutionProvider,
    DateTimeOffset? LastUsed)
{
    /// <summary>
    /// <see cref="Models.ModelPackage.ContentHash"/> of what was opened last: tells one content from another under the same name and version. <c>null</c> while it
    /// was never opened, and from a server of before this was told.
    /// </summary>
    public string? ContentHash { get; init; }

    /// <summary>Batches that it ran in this process since the start, ascending by rows. Not told to other servers: theirs are the statistics.</summary>
    [JsonIgnore]
    public IReadOnlyList<BatchCount> Batches { get; init; } = [];
}
