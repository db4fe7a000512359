using AiAssignments.Core.Storage;
using AiAssignments.Embedded;

namespace AiAssignments.Local.Hosting;

/// <summary>The embedded pipeline as the services that the gateway asks for.</summary>
internal static class EmbeddedServices
{
    public static IServiceCollection AddEmbedded(this IServiceCollection services, EmbeddedRuntime runtime)
    {
        services.AddSingleton(runtime);

        // The runtime owns them; a container does not dispose what it was given.
        services.AddSingleton<IBlobStore>(runtime.Blobs).AddSingleton<IGrowingBlobStore>(runtime.Blobs).AddSingleton(runtime.Documents).AddSingleton(runtime.Workflows);
        services.AddSingleton(runtime.Models).AddSingleton(runtime.Catalog).AddSingleton(runtime.DatasetLists).AddSingleton(runtime.Datasets).AddSingleton(runtime.Evaluations).AddSingleton(runtime.Optimizations).AddSingleton(runtime.Drops);
        return services.AddSingleton(runtime.Predictor).AddSingleton(runtime.Server);
    }
}
