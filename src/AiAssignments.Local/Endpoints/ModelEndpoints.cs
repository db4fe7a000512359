using AiAssignments.Embedded;

namespace AiAssignments.Local.Endpoints;

/// <summary><c>/api/models</c>: list, get.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/models");
        group.MapGet("/", (EmbeddedRuntime runtime, CancellationToken cancellationToken) => runtime.Models.ListAsync(cancellationToken));
        group.MapGet("/{reference}", (string reference, EmbeddedRuntime runtime, CancellationToken cancellationToken) => runtime.Models.GetAsync(reference, cancellationToken));
    }
}
