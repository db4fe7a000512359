using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Documents;
using AiAssignments.Azure.Hosting;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Functions.Drops;
using AiAssignments.Functions.Durable;
using AiAssignments.Http;
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
            Drops = (datasets, models) => new ContainerDrops(
                provider.GetRequiredService<AzureBlobs>(),
                new BlobDrops(datasets, new ModelIntake(models, Path.Combine(settings.TemporaryFolder, "drops"), new ModelUploadLimits(), TimeProvider.System)),
                models),
            SharedCache = provider.GetService<ISharedCache>(),
            Inference = settings.Inference,
            Shelf = provider.GetRequiredService<AzureBlobs>().Serving,
            InferenceTransport = Transport(settings),
            FanOutWidth = settings.Workflows.FanOutWidth,
            JobsKept = TimeSpan.FromDays(settings.Workflows.JobDays),
            ProfileMemory = settings.Workflows.ProfileMemory,
        }));
        services.AddPipeline(provider => provider.GetRequiredService<AzureRuntime>());
        services.AddSingleton(provider => provider.GetRequiredService<AzureRuntime>().Functions);
        services.AddSingleton(provider => new DropDesk(provider.GetRequiredService<AzureRuntime>().Workflows, provider.GetRequiredService<AzureRuntime>().Intake!));
        return services.AddSingleton<Upkeep>();
    }

    private static BearerHandler? Transport(HostSettings settings) => settings.Inference?.Audience is { } audience
        ? new BearerHandler(new TokenSource(settings.Credential, $"api://{audience}/.default", TimeProvider.System), RemoteInference.CreateTransport())
        : null;
}
