using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>The main job: plan, fan out over shards, aggregate and report, clean up. Its history carries references, never rows.</summary>
public sealed class EvaluateDataset : IWorkflow<EvaluationRequest, EvaluationOutcome>
{
    /// <inheritdoc />
    public async Task<EvaluationOutcome> RunAsync(IWorkflowContext context, EvaluationRequest input)
    {
        context.SetCustomStatus(new EvaluationStatus("planning", 0, 0, 0));
        var plan = await context.CallActivityAsync<PlanEvaluationActivity, PlanEvaluationInput, PlannedEvaluation>(
            new PlanEvaluationInput(input, context.CurrentUtcTime)).ConfigureAwait(true);

        context.SetCustomStatus(new EvaluationStatus("scoring", 0, plan.Shards, plan.Records));
        var shards = Enumerable.Range(0, plan.Shards).Select(index => new ScoreShardInput(input.EvaluationId, index)).ToList();
        await context.FanOutAsync<ScoreShardActivity, ScoreShardInput, ScoredShard>(
            shards,
            input.Width,
            done => context.SetCustomStatus(new EvaluationStatus("scoring", done, plan.Shards, plan.Records))).ConfigureAwait(true);

        context.SetCustomStatus(new EvaluationStatus("reporting", plan.Shards, plan.Shards, plan.Records));
        var outcome = await context.CallActivityAsync<WriteReportActivity, WriteReportInput, EvaluationOutcome>(
            new WriteReportInput(input.EvaluationId, context.CurrentUtcTime)).ConfigureAwait(true);
        await context.CallActivityAsync<ClearWorkActivity, string, bool>(input.EvaluationId).ConfigureAwait(true);
        context.SetCustomStatus(new EvaluationStatus("completed", plan.Shards, plan.Shards, plan.Records));
        return outcome;
    }
}
