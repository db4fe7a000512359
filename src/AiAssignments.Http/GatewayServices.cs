using AiAssignments.Http.OpenApi;
using AiAssignments.Http.Pages;
using AiAssignments.Http.Predicting;
using AiAssignments.Http.Routes;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Serialization;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Optimizations;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiAssignments.Http;

/// <summary>Registers the gateway.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Registers the route table and what stands behind it. The host brings <c>IBlobStore</c>, the pipeline (<see cref="PipelineServices"/>), and, where it is not the system's, <c>TimeProvider</c>;
    /// any number of <see cref="IReadiness"/> and <see cref="IJobSource"/>.
    /// </summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PredictLimits>();

        // For results of ASP.NET Core's own, so that all answers are written alike.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = GatewayJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = GatewayJson.Options.DefaultIgnoreCondition;
            foreach (var converter in GatewayJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddSingleton<GatewayPipeline>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<ModelViews>();
        services.TryAddSingleton<DatasetListing>();
        services.AddSingleton<DatasetInspections>();
        services.AddSingleton<EvaluationListing>();
        services.AddSingleton<ComparisonDesk>();
        services.AddSingleton<OptimizationListing>();
        services.AddSingleton<IJobSource, WorkflowJobs>();
        services.AddSingleton<JobDesk>();
        services.AddSingleton<IGatewayRoutes, HealthRoutes>();
        services.AddSingleton<IGatewayRoutes, ModelRoutes>();
        services.AddSingleton<IGatewayRoutes, PredictRoutes>();
        services.AddSingleton<IGatewayRoutes, DatasetRoutes>();
        services.AddSingleton<IGatewayRoutes, EvaluationRoutes>();
        services.AddSingleton<IGatewayRoutes, ComparisonRoutes>();
        services.AddSingleton<IGatewayRoutes, OptimizationRoutes>();
        services.AddSingleton<IGatewayRoutes, JobRoutes>();
        services.AddSingleton<IGatewayRoutes, ReportRoutes>();
        services.AddSingleton<IGatewayRoutes, MemoryRoutes>();
        services.AddSingleton<IGatewayRoutes, OpenApiRoutes>();
        return services.AddSchemas();
    }

    /// <summary>Registers the dashboard, in a host that serves its files itself.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="folder">Where its files lie.</param>
    public static IServiceCollection AddPage(this IServiceCollection services, string folder) =>
        services.AddSingleton(new PageFolder(folder)).AddSingleton<IGatewayRoutes, PageRoutes>();

    private static IServiceCollection AddSchemas(this IServiceCollection services) => services
        .AddSchema<Page<ModelResource>>("ModelPage")
        .AddSchema<ModelResource>("Model")
        .AddSchema<ModelVersionResource>("ModelVersion")
        .AddSchema<Page<Dataset>>("DatasetPage")
        .AddSchema<Dataset>("Dataset")
        .AddSchema<InspectionResource>("Inspection")
        .AddSchema<StartEvaluation>("StartEvaluation")
        .AddSchema<Page<EvaluationResource>>("EvaluationPage")
        .AddSchema<EvaluationResource>("Evaluation")
        .AddSchema<StartComparison>("StartComparison")
        .AddSchema<Page<ComparisonResource>>("ComparisonPage")
        .AddSchema<ComparisonResource>("Comparison")
        .AddSchema<StartOptimization>("StartOptimization")
        .AddSchema<Page<OptimizationResource>>("OptimizationPage")
        .AddSchema<OptimizationResource>("Optimization")
        .AddSchema<Page<JobResource>>("JobPage")
        .AddSchema<JobResource>("Job")
        .AddSchema<MemoryFreed>("MemoryFreed");

    private static IServiceCollection AddSchema<T>(this IServiceCollection services, string name) => services.AddSingleton(new OpenApiSchema(name, typeof(T)));
}
