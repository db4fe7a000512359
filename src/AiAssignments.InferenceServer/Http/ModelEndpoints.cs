using System.Text.Json;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Serving;

namespace AiAssignments.InferenceServer.Http;

/// <summary><c>/v2/models/{name}[/versions/{version}]</c> with <c>/ready</c>, <c>/infer</c> and <c>/stats</c>; and, of this project only, <c>/status</c>.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/models/stats", context => WriteStatisticsAsync(context, null, null));
        foreach (var model in new[] { "/v2/models/{name}", "/v2/models/{name}/versions/{version}" })
        {
            routes.MapGet(model, MetadataAsync);
            routes.MapGet($"{model}/ready", ReadyAsync);
            routes.MapPost($"{model}/infer", InferEndpoint.RunAsync);
            routes.MapGet($"{model}/stats", StatisticsAsync);
            routes.MapGet($"{model}/status", StatusAsync);
        }
    }

    /// <summary>The model that the route names.</summary>
    public static (string Name, string? Version) Named(HttpContext context) =>
        ((string)context.Request.RouteValues["name"]!, (string?)context.Request.RouteValues["version"]);

    public static Task WriteStatusesAsync(HttpContext context, IReadOnlyList<ModelStatus> statuses)
    {
        var json = ModelStatusJson.Write(statuses);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.BodyWriter.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private static async Task MetadataAsync(HttpContext context)
    {
        var (name, version) = Named(context);
        var metadata = await Protocol(context).MetadataAsync(name, version, context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", metadata.Name);
            json.WriteStartArray("versions");
            foreach (var each in metadata.Versions)
            {
                json.WriteStringValue(each);
            }

            json.WriteEndArray();
            json.WriteString("platform", metadata.Platform);
            Write(json, "inputs", metadata.Inputs);
            Write(json, "outputs", metadata.Outputs);
            if (metadata.ContentHash is { } hash)
            {
                json.WriteString("content_hash", hash);
            }

            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var (name, version) = Named(context);
        var ready = await Protocol(context).ReadyAsync(name, version, context.RequestAborted).ConfigureAwait(false);
        await ServerEndpoints.WriteFlagAsync(context, "ready", ready, name).ConfigureAwait(false);
    }

    private static async Task StatusAsync(HttpContext context)
    {
        var (name, version) = Named(context);
        await WriteStatusesAsync(context, [await Protocol(context).StatusAsync(name, version, context.RequestAborted).ConfigureAwait(false)]).ConfigureAwait(false);
    }

    private static async Task StatisticsAsync(HttpContext context)
    {
        var (name, version) = Named(context);
        await WriteStatisticsAsync(context, name, version).ConfigureAwait(false);
    }

    private static async Task WriteStatisticsAsync(HttpContext context, string? name, string? version)
    {
        var statistics = await Protocol(context).StatisticsAsync(name, version, context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(context, json => StatisticsJson.Write(json, statistics)).ConfigureAwait(false);
    }

    private static InferenceProtocol Protocol(HttpContext context) => context.RequestServices.GetRequiredService<InferenceProtocol>();

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TensorDescription> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", tensor.Datatype);
            json.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
