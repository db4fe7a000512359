using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Http;
using AiAssignments.Http.Live;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Local.Drops;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Housekeeping;
using Spectre.Console;

namespace AiAssignments.Local.Hosting;

/// <summary>The services of this host: the embedded pipeline as what the gateway asks for, and all subjects of its route table.</summary>
internal static class LocalServices
{
    public static IServiceCollection AddLocal(this IServiceCollection services, LocalOptions options, LocalPipeline pipeline, HostState state)
    {
        // The pipeline owns them; a container does not dispose what it was given.
        services.AddSingleton(options).AddSingleton(pipeline.View).AddSingleton(AnsiConsole.Console);
        services.AddSingleton(state).AddSingleton<IReadiness>(state).AddHostedService<DropLoop>();
        services.AddEmbedded(pipeline.Runtime).AddGateway();
        services.AddSingleton<IProgressPublisher>(pipeline.Live).AddSingleton<IProgressSockets>(pipeline.Live.Hub).AddSingleton<IConnectionNegotiator>(pipeline.Live.Hub);
        services.AddSingleton<IGatewayRoutes, NegotiateRoutes>();
        services.AddSingleton(pipeline.Monitor).AddSingleton<IGatewayRoutes, OperationsRoutes>();
        var runtime = pipeline.Runtime;
        services.AddSingleton<BlobDrops>().AddSingleton(new DropContainers(pipeline.Azure)).AddSingleton<Arrivals>();
        services.AddSingleton(new OrphanSweep(runtime.Blobs, runtime.Documents, runtime.Workflows, TimeProvider.System)).AddHostedService<HousekeepingLoop>();
        if (pipeline.Azure is { } azure)
        {
            services.AddSingleton<IDirectUploads>(azure.Uploads).AddDirectUploads();
        }

        services.AddUploads(Path.Combine(pipeline.Runtime.CacheFolder, "uploads"));
        return services.AddPage(Path.Combine(AppContext.BaseDirectory, "dashboard"));
    }
}
