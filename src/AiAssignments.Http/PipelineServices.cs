using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Composition;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http;

/// <summary>Registers a pipeline as the services that the gateway asks for, but the blobs, of which hosts have several kinds.</summary>
public static class PipelineServices
{
    private static readonly IReadOnlyList<(Type Service, Func<PipelineRuntime, object> Of)> Parts =
    [
        (typeof(IDocumentStore), static runtime => runtime.Documents),
        (typeof(IWorkflowClient), static runtime => runtime.Workflows),
        (typeof(ModelRegistry), static runtime => runtime.Models),
        (typeof(ModelCatalog), static runtime => runtime.Catalog),
        (typeof(Ingestion), static runtime => runtime.Datasets),
        (typeof(DatasetListing), static runtime => runtime.DatasetLists),
        (typeof(EvaluationDesk), static runtime => runtime.Evaluations),
        (typeof(OptimizationDesk), static runtime => runtime.Optimizations),
        (typeof(DatasetDrop), static runtime => runtime.Drops),
        (typeof(IModelServer), static runtime => runtime.Server),
        (typeof(IPredictor), static runtime => runtime.Predictor),
    ];

    /// <summary>Registers one that is open. Whoever opened it disposes it: a container does not dispose what it was given.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="runtime">The pipeline.</param>
    public static IServiceCollection AddPipeline(this IServiceCollection services, PipelineRuntime runtime)
    {
        foreach (var (service, part) in Parts)
        {
            services.AddSingleton(service, part(runtime));
        }

        return services;
    }

    /// <summary>Registers one that is put together with the first part of it that is asked for.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="runtime">Finds the pipeline, the same with each call.</param>
    public static IServiceCollection AddPipeline(this IServiceCollection services, Func<IServiceProvider, PipelineRuntime> runtime)
    {
        foreach (var (service, part) in Parts)
        {
            services.AddSingleton(service, provider => part(runtime(provider)));
        }

        return services;
    }
}
