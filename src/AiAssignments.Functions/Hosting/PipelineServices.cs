using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Documents;
using AiAssignments.Azure.Hosting;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Functions.Drops;
using AiAssignments.Functions.Durable;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Pipeline.Uploads.Models;

namespace AiAssignments.Functions.Hosting;

/// <summary>The pipeline as the services that functions and gateway ask for.</summary>
internal static class PipelineServices
{
    public static IServiceCollection AddPipeline(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton(provider => new AzureRuntime(new AzureRuntimeParts
        {
            Blobs = provider.GetRequiredService<IBlobStore>(),
            Documents = provider.GetRequiredService<CosmosDocumentStore>(),
            Hub = provider.GetRequiredService<TaskHubClient>(),
            TemporaryFolder = settings.TemporaryFolder,
            Progress = provider.GetRequiredService<IProgressPublisher>(),
            Drops = runtime => new ContainerDrops(
                provider.GetRequiredService<AzureBlobs>(),
                new BlobDrops(runtime.Drops, new ModelIntake(runtime.Models, Path.Combine(settings.TemporaryFolder, "drops"), new ModelUploadLimits(), TimeProvider.System)),
                runtime.Models),
            SharedCache = provider.GetService<ISharedCache>(),
            Inference = settings.Inference,
            Serving = provider.GetRequiredService<AzureBlobs>().Serving,
            InferenceTransport = Transport(settings),
            FanOutWidth = settings.Workflows.FanOutWidth,
            ProfileMemory = settings.Workflows.ProfileMemory,
        }));
        services.AddSingleton(provider => provider.GetRequiredService<AzureRuntime>().Documents);
        services.AddFrom(runtime => runtime.Functions).AddFrom(runtime => runtime.Workflows);
        services.AddFrom(runtime => runtime.Models).AddFrom(runtime => runtime.Catalog).AddFrom(runtime => runtime.DatasetLists).AddFrom(runtime => runtime.Datasets);
        services.AddFrom(runtime => runtime.Evaluations).AddFrom(runtime => runtime.Optimizations).AddFrom(runtime => runtime.Drops);
        services.AddFrom(runtime => runtime.Predictor).AddFrom(runtime => runtime.Server);
        services.AddSingleton(provider => new DropDesk(provider.GetRequiredService<AzureRuntime>().Workflows, provider.GetRequiredService<AzureRuntime>().Intake!));
        return services.AddSingleton<Upkeep>();
    }

    private static IServiceCollection AddFrom<T>(this IServiceCollection services, Func<AzureRuntime, T> part)
        where T : class => services.AddSingleton(provider => part(provider.GetRequiredService<AzureRuntime>()));

    private static BearerHandler? Transport(HostSettings settings) => settings.Inference?.Audience is { } audience
        ? new BearerHandler(new TokenSource(settings.Credential, $"api://{audience}/.default", TimeProvider.System), RemoteInference.CreateTransport())
        : null;
}
