using AiAssignments.Embedded;

namespace AiAssignments.Local.Endpoints;

/// <summary><c>/api/datasets</c>: list, get.</summary>
internal static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/datasets");
        group.MapGet("/", (EmbeddedRuntime runtime, CancellationToken cancellationToken) => runtime.Datasets.ListAsync(cancellationToken));
        group.MapGet("/{id}", (string id, EmbeddedRuntime runtime, CancellationToken cancellationToken) => runtime.Datasets.GetAsync(id, cancellationToken));
    }
}
