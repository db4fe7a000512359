using AiAssignments.Http.Operations;
using AiAssignments.Pipeline.Operations;

namespace AiAssignments.InferenceServer.Http;

/// <summary><c>/metrics</c>, <c>/metrics/system</c> and <c>/metrics/application</c>, as the gateway has them; they need the scope read.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperations(this WebApplication app)
    {
        // Made before the first request: what goes up and down is counted from here on.
        foreach (var route in new OperationsRoutes(app.Services.GetRequiredService<OperationsMonitor>()).Routes)
        {
            app.MapMethods(route.Template, [route.Method], async context =>
            {
                var answer = await route.Handler(context).ConfigureAwait(false);
                await answer.ExecuteAsync(context).ConfigureAwait(false);
            });
        }
    }
}
