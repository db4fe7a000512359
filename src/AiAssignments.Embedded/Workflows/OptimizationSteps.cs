using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Embedded.Workflows;

/// <summary>The steps of the workflow <see cref="OptimizeModel"/>.</summary>
internal static class OptimizationSteps
{
    public static WorkflowRegistry AddOptimizations(
        this WorkflowRegistry registry,
        IBlobStore blobs,
        IDocumentStore documents,
        ModelRegistry models,
        Ingestion datasets,
        ModelFiles files,
        PassFolders folders,
        ScorerPool scorers,
        IProgressPublisher progress,
        TimeProvider time,
        TimeSpan? turn)
    {
        var passes = new ModelPasses(datasets, folders);
        return registry
            .AddWorkflow<OptimizeModel, OptimizationRequest, OptimizationOutcome>(() => new OptimizeModel())
            .AddActivity<RunPassActivity, RunPassInput, Candidate>(() => new RunPassActivity(models, files, passes, folders, progress))
            .AddActivity<JudgeCandidateActivity, JudgeCandidateInput, JudgedCandidate>(() => new JudgeCandidateActivity(blobs, documents, models))
            .AddActivity<RankLayersActivity, OptimizationRequest, SensitiveLayers>(() => new RankLayersActivity(models, files, passes, folders, progress))
            .AddActivity<MeasureCostActivity, MeasureCostInput, MeasuredCosts>(() => new MeasureCostActivity(models, datasets, files, progress, time, scorers, turn))
            .AddActivity<ConcludeOptimizationActivity, ConcludeOptimizationInput, OptimizationOutcome>(() => new ConcludeOptimizationActivity(blobs, documents, models, folders));
    }
}
