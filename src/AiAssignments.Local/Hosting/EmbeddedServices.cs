using AiAssignments.Core.Storage;
using AiAssignments.Embedded;
using AiAssignments.Http;

namespace AiAssignments.Local.Hosting;

/// <summary>The embedded pipeline as the services that the gateway asks for.</summary>
internal static class EmbeddedServices
{
    public static IServiceCollection AddEmbedded(this IServiceCollection services, EmbeddedRuntime runtime) =>
        services.AddSingleton(runtime).AddPipeline(runtime).AddSingleton<IBlobStore>(runtime.Blobs).AddSingleton<IGrowingBlobStore>(runtime.Blobs);
}
