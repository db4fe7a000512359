using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AiAssignments.Functions.Routes;

/// <summary>The page, the API description, and what is nowhere.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class PageFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /</c>.</summary>
    [Function("Page")]
    public Task<IResult> PageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{ignored:maxlength(0)?}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Page");

    /// <summary><c>GET /assets/{fingerprint}/{**path}</c>.</summary>
    [Function("PageFile")]
    public Task<IResult> PageFileAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "assets/{fingerprint}/{**path}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "PageFile");

    /// <summary><c>GET /openapi.json</c>.</summary>
    [Function("OpenApi")]
    public Task<IResult> OpenApiAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "OpenApi");

    /// <summary><c>GET /docs</c>.</summary>
    [Function("Docs")]
    public Task<IResult> DocsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Docs");

    /// <summary><c>GET /docs/assets/{fingerprint}/{**path}</c>.</summary>
    [Function("DocsFile")]
    public Task<IResult> DocsFileAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/assets/{fingerprint}/{**path}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "DocsFile");

    /// <summary>Whatever is asked for and is nowhere, and the question of a browser whether it may call.</summary>
    [Function(GatewayFront.Unrouted)]
    public IResult Unrouted([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "{**path}")] HttpRequest request) =>
        gateway.Refuse(request.HttpContext);
}
