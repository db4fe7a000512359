using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>The models as the gateway shows them.</summary>
/// <param name="catalog">Lists them.</param>
/// <param name="documents">Where versions' facts lie.</param>
public sealed class ModelViews(ModelCatalog catalog, IDocumentStore documents)
{
    /// <summary>Names that a list may be sorted by; each but <c>name</c> is the active version's.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["name", "registeredAt", "accuracy", "sizeBytes", "parameters"];

    /// <summary>A page of models.</summary>
    /// <param name="query">Which, and in what order.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<Page<ModelResource>> PageAsync(ModelQuery query, CancellationToken cancellationToken)
    {
        var page = await catalog.QueryAsync(query, cancellationToken).ConfigureAwait(false);

        // Between a promotion's two writes a name has two active versions; it is one model all the same.
        return new Page<ModelResource>([.. page.Items.DistinctBy(model => model.Active.Card.Name).Select(model => ModelResource.Of(model.Active, model.Versions, withCard: false))], page.Continuation);
    }

    /// <summary>One model.</summary>
    /// <param name="name">Its name. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<ModelResource> GetAsync(string name, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery { Filters = [new DocumentFilter("card.name", "=", name)], OrderBy = "registeredAt", PageSize = 1000 };
        var versions = await documents.ListAsync<ModelVersion>(Containers.Models, query, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return versions.Find(version => version.Active) is { } active ? ModelResource.Of(active, versions, withCard: true) : throw NotFound(name);
    }

    /// <summary>One version.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<ModelVersionResource> GetAsync(string name, string version, CancellationToken cancellationToken)
    {
        var reference = $"{name}@{version}";
        var found = await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, reference, cancellationToken).ConfigureAwait(false);
        return found is { Value: var known } && known.Card.Name == name ? ModelVersionResource.Of(known, withCard: true) : throw NotFound(reference);
    }

    private static ProblemException NotFound(string reference) =>
        new("model-not-found", $"No model is registered as '{(reference.Length <= 100 ? reference : reference[..100] + "...")}'; GET /api/models lists them.");
}
