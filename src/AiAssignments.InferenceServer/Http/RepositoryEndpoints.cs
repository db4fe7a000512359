using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Serving;

namespace AiAssignments.InferenceServer.Http;

/// <summary>The model repository extension: <c>/v2/repository/index</c>, <c>/v2/repository/models/{name}/load</c> and <c>/unload</c>.</summary>
internal static class RepositoryEndpoints
{
    private const int BodyLimit = 65_536;

    public static void MapRepository(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/repository/index", IndexAsync);
        routes.MapPost("/v2/repository/models/{name}/load", async context =>
        {
            var version = await ReadVersionAsync(context).ConfigureAwait(false);
            await Server(context).LoadAsync(ModelEndpoints.Named(context).Name, version, context.RequestAborted).ConfigureAwait(false);
        });
        routes.MapPost("/v2/repository/models/{name}/unload", async context =>
        {
            var version = await ReadVersionAsync(context).ConfigureAwait(false);
            await Server(context).UnloadAsync(ModelEndpoints.Named(context).Name, version, context.RequestAborted).ConfigureAwait(false);
        });
    }

    /// <summary>A caller may not bring a model or its configuration with the request.</summary>
    public static void RefuseOverride(string parameter)
    {
        if (parameter == "config" || parameter.StartsWith("file:", StringComparison.Ordinal))
        {
            throw new ProblemException("extension-unsupported", "A model is loaded from the repository as it lies there; config and file parameters are not taken.", $"parameters.{parameter}");
        }
    }

    private static IModelServer Server(HttpContext context) => context.RequestServices.GetRequiredService<IModelServer>();

    private static async Task IndexAsync(HttpContext context)
    {
        using var body = await ReadAsync(context).ConfigureAwait(false);
        var readyOnly = body is not null && body.RootElement.TryGetProperty("ready", out var ready) && ready.ValueKind == JsonValueKind.True;
        var entries = await context.RequestServices.GetRequiredService<InferenceProtocol>().IndexAsync(readyOnly, context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name);
                json.WriteString("version", entry.Version);
                json.WriteString("state", entry.State);
                json.WriteString("reason", entry.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    // "version" is this project's own parameter; Triton's clients send "unload_dependents", which means nothing for models without parts.
    private static async Task<string?> ReadVersionAsync(HttpContext context)
    {
        using var body = await ReadAsync(context).ConfigureAwait(false);
        if (body is null || !body.RootElement.TryGetProperty("parameters", out var parameters) || parameters.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var parameter in parameters.EnumerateObject())
        {
            RefuseOverride(parameter.Name);
        }

        return parameters.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String ? version.GetString() : null;
    }

    private static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, BodyLimit, context.RequestAborted).ConfigureAwait(false);
        try
        {
            if (body.Bytes.IsEmpty)
            {
                return null;
            }

            var document = JsonDocument.Parse(body.Bytes.ToArray(), new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new ProblemException("request-invalid", "The body must be a JSON object, or empty.");
        }
        catch (JsonException broken)
        {
            throw new ProblemException(new Problem("json-invalid", $"The JSON is broken: {broken.Message}"), broken);
        }
        finally
        {
            body.Return();
        }
    }
}
