using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Caching;
using AiAssignments.Azure.Documents;
using AiAssignments.Azure.WebPubSub;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Functions.Durable;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Operations.Stores;

namespace AiAssignments.Functions.Hosting;

/// <summary>The ports, one client of each for the process.</summary>
internal static class StoreServices
{
    public static IServiceCollection AddStores(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<TaskHubClient>();
        services.AddSingleton(AzureBlobs.Connect(settings.Blobs, settings.Credential, TimeProvider.System));
        services.AddSingleton(provider => MeasuredGrowingBlobStore.Of(provider.GetRequiredService<AzureBlobs>().Store));
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<IGrowingBlobStore>());
        services.AddSingleton<IDirectUploads>(provider => provider.GetRequiredService<AzureBlobs>().Uploads);
        services.AddSingleton(_ => CosmosDocuments.Connect(settings.Cosmos, settings.Credential));
        if (settings.Redis is { } redis)
        {
            services.AddSingleton<ISharedCache>(_ => RedisSharedCache.ConnectAsync(redis, settings.Credential, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult());
        }

        if (settings.PubSub is { } pubSub)
        {
            services.AddSingleton(_ => new WebPubSubHub(pubSub, settings.Credential, TimeProvider.System));
            services.AddSingleton<IConnectionNegotiator>(provider => provider.GetRequiredService<WebPubSubHub>());
            return services.AddSingleton<IProgressPublisher>(provider => new WebPubSubProgress(provider.GetRequiredService<WebPubSubHub>(), TimeProvider.System));
        }

        return services.AddSingleton<IConnectionNegotiator, NoProgress>().AddSingleton<IProgressPublisher, NoProgress>();
    }

    // Where emulators stand for the stores, their containers are made; on Azure the infrastructure makes them, and this asks nothing of anyone.
    public static async Task PrepareStoresAsync(this IServiceProvider services)
    {
        await services.GetRequiredService<AzureBlobs>().PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        await services.GetRequiredService<CosmosDocumentStore>().PrepareAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
