using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Http.Routes;

/// <summary>Models: list, get, promote, delete.</summary>
/// <param name="views">Lists and views.</param>
/// <param name="registry">Changes.</param>
/// <param name="server">What serves them, so that it follows a change at once; <c>null</c> where it is elsewhere and looks for itself.</param>
internal sealed class ModelRoutes(ModelViews views, ModelRegistry registry, IModelServer? server = null) : IGatewayRoutes
{
    private const string VersionExample = """{"version":"1","registeredAt":"2026-01-05T09:30:00+00:00","sizeBytes":1048576,"parameters":262144,"contentHash":"xxh128:00112233445566778899aabbccddeeff","active":true,"description":"News topics.","quality":{"accuracy":0.91,"lower":0.88,"upper":0.94,"metric":"accuracy","evaluations":3,"records":1200}}""";
    private const string ModelExample = $$$"""{"name":"topic","task":"text-classification","labels":["World","Sports","Business","Sci/Tech"],"active":"1","versions":[{{{VersionExample}}}],"quality":{"accuracy":0.91,"lower":0.88,"upper":0.94,"metric":"accuracy","evaluations":3,"records":1200}}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("ListModels", HttpMethods.Get, "api/models", AccessScope.Read, ListAsync)
        {
            Summary = "Lists models with their versions and measured quality; with minAccuracy only those whose average is at least that.",
            Tag = "Models",
            ResponseSchema = "ModelPage",
            ResponseExample = $$$"""{"items":[{{{ModelExample}}}]}""",
            Parameters = ListParameters.Page(
                ModelViews.Sorts,
                "name",
                new RouteParameter("task", "query", "Only models of this task: text-classification, token-classification or image-classification."),
                new RouteParameter("minAccuracy", "query", "Least average headline metric of the active version over its finished evaluations, 0 to 1.", "number")),
            Problems = ["task-unknown", "option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetModel", HttpMethods.Get, "api/models/{name}", AccessScope.Read, async context => Answers.Read(await views.GetAsync(context.Route("name"), context.RequestAborted).ConfigureAwait(false)))
        {
            Summary = "One model with its versions and the card of the active one.",
            Tag = "Models",
            ResponseSchema = "Model",
            ResponseExample = ModelExample,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["model-not-found"],
        },
        new("GetModelVersion", HttpMethods.Get, "api/models/{name}/versions/{version}", AccessScope.Read, async context => Answers.Read(await VersionAsync(context).ConfigureAwait(false)))
        {
            Summary = "One version of a model with its card.",
            Tag = "Models",
            ResponseSchema = "ModelVersion",
            ResponseExample = VersionExample,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["model-not-found"],
        },
        new("PromoteModelVersion", HttpMethods.Post, "api/models/{name}/versions/{version}/promote", AccessScope.Admin, PromoteAsync)
        {
            Summary = "Lets a model's name stand for this version; asking twice is asking once. A version that an optimization's gate has not accepted is refused.",
            Tag = "Models",
            ResponseSchema = "Model",
            ResponseExample = ModelExample,
            Parameters = [ListParameters.IfMatch],
            Problems = ["model-not-found", "model-version-not-accepted", "precondition-failed"],
        },
        new("DeleteModelVersion", HttpMethods.Delete, "api/models/{name}/versions/{version}", AccessScope.Admin, DeleteVersionAsync)
        {
            Summary = "Deletes a version that its model's name does not stand for.",
            Tag = "Models",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["model-not-found", "model-version-active-conflict", "precondition-failed"],
        },
        new("DeleteModel", HttpMethods.Delete, "api/models/{name}", AccessScope.Admin, DeleteAsync)
        {
            Summary = "Deletes a model with all its versions; its evaluations stay.",
            Tag = "Models",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["model-not-found", "precondition-failed"],
        },
    ];

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var page = context.Page(ModelViews.Sorts, "name");
        var query = new ModelQuery
        {
            Task = context.Query("task") is { } task ? ModelTasks.Parse(task) : null,
            MinAccuracy = context.Share("minAccuracy"),
            Sort = page.Descending ? $"-{page.Sort}" : page.Sort,
            PageSize = page.Size,
            Continuation = page.Continuation,
        };
        return Answers.Read(await views.PageAsync(query, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<IResult> PromoteAsync(HttpContext context)
    {
        var version = await VersionAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(version)).ConfigureAwait(false);
        var name = context.Route("name");
        if (server is not null)
        {
            // Loaded and warmed before the name stands for it: one that cannot be loaded changes nothing.
            await server.LoadAsync(name, version.Version, context.RequestAborted).ConfigureAwait(false);
        }

        await registry.PromoteAsync($"{name}@{version.Version}", context.RequestAborted).ConfigureAwait(false);
        if (server is not null)
        {
            await server.LoadAsync(name, null, context.RequestAborted).ConfigureAwait(false);
        }

        return Answers.Done(await views.GetAsync(name, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<IResult> DeleteVersionAsync(HttpContext context)
    {
        var version = await VersionAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(version)).ConfigureAwait(false);
        await registry.DeleteVersionAsync($"{context.Route("name")}@{version.Version}", context.RequestAborted).ConfigureAwait(false);
        await UnloadAsync(context.Route("name"), version.Version, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var name = context.Route("name");
        var model = await views.GetAsync(name, context.RequestAborted).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(model)).ConfigureAwait(false);
        await registry.DeleteModelAsync(name, context.RequestAborted).ConfigureAwait(false);
        foreach (var version in model.Versions)
        {
            await UnloadAsync(name, version.Version, context.RequestAborted).ConfigureAwait(false);
        }

        return Answers.Nothing();
    }

    // Otherwise it would go on answering, and for another content that is registered under its version later.
    private async Task UnloadAsync(string name, string version, CancellationToken cancellationToken)
    {
        try
        {
            await (server?.UnloadAsync(name, version, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (ProblemException unknown) when (unknown.Problem.Code == "model-not-found")
        {
            // It was not loaded.
        }
    }

    private Task<ModelVersionResource> VersionAsync(HttpContext context) => views.GetAsync(context.Route("name"), context.Route("version"), context.RequestAborted);
}
