using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>A model version as the gateway shows it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="RegisteredAt">When it was registered.</param>
/// <param name="SizeBytes">Size of the graph and its external data, bytes.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="ContentHash">Hash over its files.</param>
/// <param name="Active">Whether the name stands for it.</param>
/// <param name="Lineage">What it was made from, when it was optimized.</param>
/// <param name="Description">A sentence for a person. Hostile: encode it.</param>
/// <param name="Quality">How well it did in its finished evaluations; absent before the first.</param>
/// <param name="Card">Its card; absent in lists.</param>
/// <param name="Gate">For a version that an optimization made: <c>accepted</c>, or why it is not served: <c>candidate</c> (not judged yet), <c>refused</c>.</param>
public sealed record ModelVersionResource(
    string Version,
    DateTimeOffset RegisteredAt,
    long SizeBytes,
    long Parameters,
    string ContentHash,
    bool Active,
    ModelLineage? Lineage,
    string? Description,
    ModelQuality? Quality = null,
    ModelCard? Card = null,
    GateState? Gate = null)
{
    internal static ModelVersionResource Of(ModelVersion version, bool withCard) => new(
        version.Card.Version,
        version.RegisteredAt,
        version.SizeBytes,
        version.Parameters,
        version.ContentHash,
        version.Active,
        version.Card.Lineage,
        version.Card.Description,
        version.Quality,
        withCard ? version.Card : null,
        version.Gate);
}
