using AiAssignments.Http.Access;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Problems;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Routing;

/// <summary>
/// The gateway for a host that matches requests to functions by itself and has no middleware of ASP.NET Core around them, as Azure Functions: the same middleware, called by name.
/// What is not in the route table is <see cref="Unrouted"/>'s, which also answers browsers that ask whether they may call (CORS).
/// </summary>
public sealed class GatewayFront
{
    /// <summary>Name of what takes every request that no route takes.</summary>
    public const string Unrouted = "Unrouted";

    private readonly Dictionary<string, GatewayRoute> routes;
    private readonly Dictionary<string, Endpoint> endpoints;
    private readonly GatewayPipeline handlers;
    private readonly RequestDelegate pipeline;

    /// <summary>Makes it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="subjects">The route table.</param>
    /// <param name="handlers">Calls the routes' handlers.</param>
    /// <param name="access">Who gets in.</param>
    public GatewayFront(IServiceProvider services, IEnumerable<IGatewayRoutes> subjects, GatewayPipeline handlers, AccessOptions access)
    {
        ArgumentNullException.ThrowIfNull(access);
        this.handlers = handlers;
        routes = subjects.SelectMany(subject => subject.Routes).ToDictionary(route => route.Name, StringComparer.Ordinal);
        endpoints = routes.Values.ToDictionary(route => route.Name, Endpoint (route) => Make($"/{route.Template}", route.Name, route), StringComparer.Ordinal);
        endpoints.Add(Unrouted, Make("/{**path}", Unrouted, new RequiredAccess(AccessScope.Anonymous)));
        var app = new ApplicationBuilder(services);
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseAccess();
        app.Run(static context => context.Features.Get<Rest>()!.Run());
        pipeline = app.Build();
    }

    /// <summary>Runs around a function: measures, shows problems, lets in or refuses, limits size and time.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Name of the function: a route's, or <see cref="Unrouted"/>.</param>
    /// <param name="next">The function; not called when the request is refused, which is answered here.</param>
    /// <exception cref="ArgumentException">There is no such route.</exception>
    public Task GuardAsync(HttpContext context, string name, Func<Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);

        // Where access control, limits and metrics look; the request was matched already.
        context.SetEndpoint(endpoints.TryGetValue(name, out var endpoint) ? endpoint : throw new ArgumentException($"The gateway has no route named '{name}'.", nameof(name)));
        context.Features.Set(new Rest(next));
        return pipeline(context);
    }

    /// <summary>Answers a request with its route's handler: inside of <see cref="GuardAsync"/>.</summary>
    /// <param name="context">The request, its route values set.</param>
    /// <param name="name">Name of the route.</param>
    /// <returns>An empty result: the answer is written.</returns>
    public async Task<IResult> AnswerAsync(HttpContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        await handlers.InvokeAsync(routes[name], context).ConfigureAwait(false);
        return Results.Empty;
    }

    /// <summary>Answers a request that no route takes, as ASP.NET Core's routing does: 405 where the path has other methods, else 404. <see cref="GuardAsync"/> gives it a body.</summary>
    /// <param name="context">The request.</param>
    public IResult Refuse(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var allowed = routes.Values.Where(route => PathMatch.Fits(route.Template, context.Request.Path)).SelectMany(Methods).Distinct().Order(StringComparer.Ordinal).ToList();
        context.Response.Headers.Allow = allowed.Count == 0 ? default : string.Join(", ", allowed);
        context.Response.StatusCode = allowed.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
        return Results.Empty;
    }

    private static IEnumerable<string> Methods(GatewayRoute route) => route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];

    private static RouteEndpoint Make(string template, string name, object metadata) =>
        new(static _ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(template), 0, new EndpointMetadataCollection(metadata), name);

    private sealed record Rest(Func<Task> Run);
}
