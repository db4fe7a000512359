namespace AiAssignments.Http.Routing;

/// <summary>Maps the route table onto ASP.NET Core's routing.</summary>
public static class GatewayMapping
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps every route. Each endpoint carries its <see cref="GatewayRoute"/> as metadata, where access control and limits find it.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="subjects">The table.</param>
    public static void MapGateway(this IEndpointRouteBuilder endpoints, IEnumerable<IGatewayRoutes> subjects)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<GatewayPipeline>();
        foreach (var route in subjects.SelectMany(subject => subject.Routes))
        {
            endpoints
                .MapMethods(route.Template, route.Method == HttpMethods.Get ? Reading : [route.Method], context => pipeline.InvokeAsync(route, context))
                .WithMetadata(route)
                .WithDisplayName(route.Name);
        }
    }
}
