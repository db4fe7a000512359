using AiAssignments.Local.Hosting;

namespace AiAssignments.Local.Endpoints;

/// <summary><c>/api/health/live</c> and <c>/api/health/ready</c>.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health/live", () => TypedResults.Ok(new Health("live")));
        routes.MapGet("/api/health/ready", (HostState state) =>
            state.Ready ? Results.Ok(new Health("ready")) : Results.Json(new Health("starting"), statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    private sealed record Health(string Status);
}
