using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>Lists datasets page by page, as the store cuts them.</summary>
/// <param name="documents">Where their facts lie.</param>
public sealed class DatasetListing(IDocumentStore documents)
{
    /// <summary>Names that a list may be sorted by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["registeredAt", "name", "sizeBytes"];

    /// <summary>A page.</summary>
    /// <param name="request">Which page; its sort is one of <see cref="Sorts"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Page<Dataset>> PageAsync(PageRequest request, CancellationToken cancellationToken) =>
        documents.PageAsync<Dataset>(Containers.Datasets, request.Sort, request, cancellationToken);
}
