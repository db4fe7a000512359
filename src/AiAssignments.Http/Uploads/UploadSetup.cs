using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Http.OpenApi;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Pipeline.Uploads.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiAssignments.Http.Uploads;

/// <summary>Puts uploads into a host.</summary>
public static class UploadSetup
{
    /// <summary>
    /// Adds what <see cref="UploadRoutes"/> and <see cref="ModelUploadRoutes"/> need, and the sweeps. The host adds <see cref="IGrowingBlobStore"/>, <see cref="IDocumentStore"/>,
    /// <see cref="Ingestion"/>, <see cref="DatasetDrop"/>, <see cref="ModelRegistry"/> and <see cref="IProgressPublisher"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="temporaryFolder">Where uploaded models are unpacked, for example <c>uploads</c> in the data folder's cache; swept at the start.</param>
    /// <param name="options">Limits and times of datasets; the defaults when <c>null</c>.</param>
    /// <param name="models">Limits of models; the defaults when <c>null</c>.</param>
    /// <param name="sweeps">Whether this process sweeps, at its start and from time to time; <c>false</c> where several share the store and a timer of theirs does. Default: true.</param>
    public static IServiceCollection AddUploads(
        this IServiceCollection services, string temporaryFolder, UploadOptions? options = null, ModelUploadLimits? models = null, bool sweeps = true)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new UploadOptions());
        services.AddSingleton<UploadDesk>();
        services.AddSingleton(provider => new ModelIntake(
            provider.GetRequiredService<ModelRegistry>(), temporaryFolder, models ?? new ModelUploadLimits(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGatewayRoutes, UploadRoutes>().AddSingleton<IGatewayRoutes, ModelUploadRoutes>().AddSingleton<IJobSource, UploadJobs>();
        services.AddSingleton(new OpenApiSchema("UploadPage", typeof(Page<Upload>))).AddSingleton(new OpenApiSchema("Upload", typeof(Upload)));
        services.AddSingleton(new OpenApiSchema("UploadedModel", typeof(UploadedModel)));
        return sweeps ? services.AddHostedService<UploadSweep>() : services;
    }

    /// <summary>Adds <see cref="DirectUploadRoutes"/>. The host adds <see cref="IDirectUploads"/>.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddDirectUploads(this IServiceCollection services) =>
        services.AddSingleton<IGatewayRoutes, DirectUploadRoutes>().AddSingleton(new OpenApiSchema("DirectUpload", typeof(DirectUpload)));
}
