using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>A model as the gateway shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Task">What it does.</param>
/// <param name="Labels">Labels of the active version.</param>
/// <param name="Active">The version that the name stands for.</param>
/// <param name="Versions">All versions, the last registered first.</param>
/// <param name="Quality">How well the active version did in its finished evaluations; absent before the first.</param>
/// <param name="Card">Card of the active version; absent in lists.</param>
public sealed record ModelResource(
    string Name, ModelTask Task, IReadOnlyList<string> Labels, string Active, IReadOnlyList<ModelVersionResource> Versions, ModelQuality? Quality = null, ModelCard? Card = null)
{
    internal static ModelResource Of(ModelVersion active, IEnumerable<ModelVersion> versions, bool withCard) => new(
        active.Card.Name,
        active.Card.Task,
        active.Card.Labels,
        active.Card.Version,
        [.. versions.OrderByDescending(version => version.RegisteredAt).ThenByDescending(version => version.Card.Version, StringComparer.Ordinal).Select(version => ModelVersionResource.Of(version, withCard: false))],
        active.Quality,
        withCard ? active.Card : null);
}
