using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Local.Endpoints;

/// <summary><c>/api/evaluations</c>: list, status, cancel, delete.</summary>
internal static class EvaluationEndpoints
{
    public static void MapEvaluations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/evaluations");
        group.MapGet("/", (EmbeddedRuntime runtime, CancellationToken cancellationToken) => runtime.Evaluations.ListAsync(cancellationToken));
        group.MapGet("/{id}", FindAsync);
        group.MapPost("/{id}/cancel", async (string id, EmbeddedRuntime runtime, CancellationToken cancellationToken) =>
        {
            var job = await FindAsync(id, runtime, cancellationToken).ConfigureAwait(false);
            await runtime.Evaluations.CancelAsync(job.Id, cancellationToken).ConfigureAwait(false);
            return TypedResults.NoContent();
        });
        group.MapDelete("/{id}", async (string id, EmbeddedRuntime runtime, CancellationToken cancellationToken) =>
        {
            var job = await FindAsync(id, runtime, cancellationToken).ConfigureAwait(false);
            await runtime.Evaluations.DeleteAsync(job.Id, cancellationToken).ConfigureAwait(false);
            return TypedResults.NoContent();
        });
    }

    private static async Task<EvaluationJob> FindAsync(string id, EmbeddedRuntime runtime, CancellationToken cancellationToken) =>
        await runtime.Evaluations.FindAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new ProblemException("evaluation-not-found", $"No evaluation has the id '{id}'.");
}
