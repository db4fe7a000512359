using System.Reflection;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Pages;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Routes;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.OpenApi;

/// <summary>The API description at <c>/openapi.json</c>, and a page of our own that shows it at <c>/docs</c>.</summary>
/// <param name="services">Where the whole table is found, of which this is a part.</param>
internal sealed class OpenApiRoutes(IServiceProvider services) : IGatewayRoutes
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FileBundle page = FileBundle.OfResources(typeof(OpenApiRoutes).Assembly, "Docs/", "/docs/assets");
    private readonly Lazy<BundledFile> document = new(() => new BundledFile("openapi.json", Encoding.UTF8.GetBytes(Describe(services))));

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("OpenApi", HttpMethods.Get, "openapi.json", AccessScope.Anonymous, _ => Task.FromResult<IResult>(new PageAnswer(document.Value, forever: false, policy: null)))
        {
            Summary = "This description.",
            Tag = "Operations",
            ResponseExample = """{"openapi":"3.1.0","info":{"title":"AI Assignments","version":"0.1.0"},"paths":{}}""",
            Parameters = [ListParameters.IfNoneMatch],
        },
        new("Docs", HttpMethods.Get, "docs", AccessScope.Anonymous, _ => Task.FromResult<IResult>(new PageAnswer(page.Index, forever: false, Policy)))
        {
            Summary = "This description as a page.",
            Tag = "Pages",
            ResponseType = "text/html",
            ResponseExample = "\"<!doctype html>\"",
        },
        new("DocsFile", HttpMethods.Get, "docs/assets/{fingerprint}/{**path}", AccessScope.Anonymous, FileAsync)
        {
            Summary = "A file of that page; it never changes under its name.",
            Tag = "Pages",
            ResponseType = "*/*",
            ResponseExample = "\"body { margin: 0 }\"",
            Problems = ["file-not-found"],
        },
    ];

    private static string Describe(IServiceProvider services)
    {
        var routes = services.GetServices<IGatewayRoutes>().SelectMany(subject => subject.Routes).ToList();
        var version = typeof(OpenApiRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return OpenApiDocument.Create(routes, services.GetServices<OpenApiSchema>(), version).ToJsonString();
    }

    private Task<IResult> FileAsync(HttpContext context) => page.Find(context.Route("fingerprint"), context.Route("path")) is { } file
        ? Task.FromResult<IResult>(new PageAnswer(file, forever: true, policy: null))
        : throw new ProblemException("file-not-found", "The page has no such file in this version; load it anew.");
}
