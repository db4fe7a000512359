using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Workflows;

/// <summary>All workflows of the pipeline with their steps: the one list that every engine runs.</summary>
public static class PipelineWorkflows
{
    /// <summary>Adds them.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="parts">What they work with.</param>
    public static WorkflowRegistry AddPipeline(this WorkflowRegistry registry, PipelineParts parts)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(parts);
        return registry.AddEvaluations(parts).AddOptimizations(parts).AddDrops(parts);
    }

    private static WorkflowRegistry AddDrops(this WorkflowRegistry registry, PipelineParts parts) => parts.Drops is not { } drops
        ? registry
        : registry
            .AddWorkflow<AcceptDrop, DropRequest, DropTaken>(() => new AcceptDrop())
            .AddActivity<TakeInDropActivity, DropRequest, DropTaken>(() => new TakeInDropActivity(drops));

    private static WorkflowRegistry AddEvaluations(this WorkflowRegistry registry, PipelineParts parts)
    {
        var (blobs, datasets, progress) = (parts.Blobs, parts.Datasets, parts.Progress);
        var shards = new ShardProgress(progress);
        return registry
            .AddWorkflow<EvaluateDataset, EvaluationRequest, EvaluationOutcome>(() => new EvaluateDataset())
            .AddActivity<PlanEvaluationActivity, PlanEvaluationInput, PlannedEvaluation>(() => new PlanEvaluationActivity(blobs, parts.Models, datasets, progress, shards))
            .AddActivity<ScoreShardActivity, ScoreShardInput, ScoredShard>(() => new ScoreShardActivity(blobs, datasets, parts.Scorers, shards, parts.Time))
            .AddActivity<WriteReportActivity, WriteReportInput, EvaluationOutcome>(() => new WriteReportActivity(blobs, parts.Documents, RunningMachine.Read, progress, shards, parts.Quality))
            .AddActivity<ClearWorkActivity, string, bool>(() => new ClearWorkActivity(blobs));
    }

    private static WorkflowRegistry AddOptimizations(this WorkflowRegistry registry, PipelineParts parts)
    {
        var (blobs, documents, models, files, folders, progress) = (parts.Blobs, parts.Documents, parts.Models, parts.Files, parts.PassFolders, parts.Progress);
        var passes = new ModelPasses(parts.Datasets, folders);
        return registry
            .AddWorkflow<OptimizeModel, OptimizationRequest, OptimizationOutcome>(() => new OptimizeModel())
            .AddActivity<RunPassActivity, RunPassInput, Candidate>(() => new RunPassActivity(models, files, passes, folders, progress))
            .AddActivity<JudgeCandidateActivity, JudgeCandidateInput, JudgedCandidate>(() => new JudgeCandidateActivity(blobs, documents, models))
            .AddActivity<RankLayersActivity, OptimizationRequest, SensitiveLayers>(() => new RankLayersActivity(models, files, passes, folders, progress))
            .AddActivity<MeasureCostActivity, MeasureCostInput, MeasuredCosts>(() => new MeasureCostActivity(models, parts.Datasets, files, progress, parts.Time, parts.Scorers, parts.MeasuringTurn))
            .AddActivity<ConcludeOptimizationActivity, ConcludeOptimizationInput, OptimizationOutcome>(() => new ConcludeOptimizationActivity(blobs, documents, models, folders));
    }
}
