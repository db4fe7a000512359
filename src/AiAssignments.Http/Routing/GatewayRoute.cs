using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Routing;

/// <summary>One route of the gateway. Hosts map the table as it is, so that none has routes of its own.</summary>
/// <param name="Name">Unique name, for example <c>PredictWithVersion</c>: the operation id of the API description and the function's name in Azure.</param>
/// <param name="Method">HTTP method; <c>GET</c> stands for <c>HEAD</c> too.</param>
/// <param name="Template">Route template without a leading slash and without inline constraints, for example <c>api/models/{name}/predict</c>.</param>
/// <param name="Scope">What the caller must be allowed.</param>
/// <param name="Handler">Answers; finds what it needs in its class, in <see cref="HttpContext.RequestServices"/> and in <see cref="HttpRequest.RouteValues"/>. Never called but through <see cref="GatewayPipeline"/>.</param>
public sealed record GatewayRoute(string Name, string Method, string Template, AccessScope Scope, Func<HttpContext, Task<IResult>> Handler)
{
    /// <summary>One sentence for the API description.</summary>
    public required string Summary { get; init; }

    /// <summary>Group in the API description, for example <c>Models</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>Largest body, bytes; <c>null</c>: no limit, because the body is streamed to a store.</summary>
    public long? BodyLimit { get; init; } = 1 << 20;

    /// <summary>An example body, JSON.</summary>
    public string? RequestExample { get; init; }

    /// <summary>An example answer, JSON.</summary>
    public string? ResponseExample { get; init; }

    /// <summary>Query parameters and headers, each with a sentence.</summary>
    public IReadOnlyList<RouteParameter> Parameters { get; init; } = [];

    /// <summary>Media types that the body may have; empty for a route without a body.</summary>
    public IReadOnlyList<string> RequestTypes { get; init; } = [];

    /// <summary>Media type of the answer; <c>null</c> when it has no body.</summary>
    public string? ResponseType { get; init; } = "application/json";

    /// <summary>Name of the body's schema in the API description's components.</summary>
    public string? RequestSchema { get; init; }

    /// <summary>Name of the answer's schema in the API description's components.</summary>
    public string? ResponseSchema { get; init; }

    /// <summary>Status of the answer when all goes well. Default 200.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Codes of the problems that are this route's own; those of every route (a wrong key, a limit) are not repeated.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
