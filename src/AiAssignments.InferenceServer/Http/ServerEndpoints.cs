using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Hosting;

namespace AiAssignments.InferenceServer.Http;

/// <summary><c>/v2</c>, <c>/v2/health/live</c>, <c>/v2/health/ready</c>; and, of this project only, <c>/v2/status</c> and <c>/v2/memory/trim</c>.</summary>
internal static class ServerEndpoints
{
    public static string Version { get; } = typeof(ServerEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static void MapServer(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2", Metadata);
        routes.MapGet("/v2/health/live", context => WriteFlagAsync(context, "live", true));
        routes.MapGet("/v2/health/ready", context => WriteFlagAsync(context, "ready", context.RequestServices.GetRequiredService<Readiness>().Ready));
        routes.MapGet("/v2/status", StatusAsync);
        routes.MapPost("/v2/memory/trim", TrimAsync);
    }

    /// <summary>Answers a question of health by its status, and in the body that the protocol gives it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="flag">What is asked.</param>
    /// <param name="holds">The answer.</param>
    /// <param name="name">The model that is asked about.</param>
    public static Task WriteFlagAsync(HttpContext context, string flag, bool holds, string? name = null)
    {
        context.Response.StatusCode = holds ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            if (name is not null)
            {
                json.WriteString("name", name);
            }

            json.WriteBoolean(flag, holds);
            json.WriteEndObject();
        });
    }

    private static Task Metadata(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", InferenceProtocol.ServerName);
        json.WriteString("version", Version);
        json.WriteStartArray("extensions");
        foreach (var extension in InferenceProtocol.Extensions)
        {
            json.WriteStringValue(extension);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static async Task StatusAsync(HttpContext context)
    {
        var server = context.RequestServices.GetRequiredService<IModelServer>();
        await ModelEndpoints.WriteStatusesAsync(context, await server.ListAsync(context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task TrimAsync(HttpContext context)
    {
        var freed = await context.RequestServices.GetRequiredService<IModelServer>().TrimAsync(context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("modelsUnloaded");
            foreach (var key in freed.ModelsUnloaded)
            {
                json.WriteStartObject();
                json.WriteString("name", key.Name);
                json.WriteString("version", key.Version);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("residentBefore", freed.ResidentBefore);
            json.WriteNumber("residentAfter", freed.ResidentAfter);
            json.WriteNumber("managedBefore", freed.ManagedBefore);
            json.WriteNumber("managedAfter", freed.ManagedAfter);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
