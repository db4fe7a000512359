using AiAssignments.Azure.Telemetry;
using AiAssignments.Http;
using AiAssignments.Http.Access;
using AiAssignments.Http.Live;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Pipeline.Operations;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;

namespace AiAssignments.Functions.Hosting;

/// <summary>The gateway: the same subjects as on the local host.</summary>
internal static class RouteServices
{
    public static IServiceCollection AddRoutes(this IServiceCollection services, HostSettings settings)
    {
        services.AddGateway().AddAccess(settings.Access);
        services.AddSingleton<IGatewayRoutes, NegotiateRoutes>();
        services.AddSingleton(_ => new OperationsMonitor(settings.TemporaryFolder)).AddSingleton<IGatewayRoutes, OperationsRoutes>();
        services.AddUploads(Path.Combine(settings.TemporaryFolder, "uploads"), sweeps: false).AddDirectUploads();
        services.AddPage(Path.Combine(AppContext.BaseDirectory, "dashboard"));
        return services.AddSingleton<GatewayFront>();
    }

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOpenTelemetry().UseFunctionsWorkerDefaults();

        // The host of Functions makes the span of a request, and hangs the function's below it.
        return services.AddTelemetry(configuration, "aia-functions", requests: false).AddAzureMonitor(configuration);
    }
}
