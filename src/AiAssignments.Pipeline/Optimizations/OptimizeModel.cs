using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>
/// Makes a new version with a pass, scores old and new on the gate dataset, and accepts the new one if within the stated loss. The old one is scored first: what
/// does not fit together is found before the pass begins. Where layers may stay in float, the most sensitive ones do, twice as many with each attempt, until the
/// gate is met or the attempts are used up.
/// </summary>
public sealed class OptimizeModel : IWorkflow<OptimizationRequest, OptimizationOutcome>
{
    /// <inheritdoc />
    public async Task<OptimizationOutcome> RunAsync(IWorkflowContext context, OptimizationRequest input)
    {
        // Evaluations are workflows of their own under their own ids: what was evaluated before is not evaluated again.
        context.SetCustomStatus(new OptimizationStatus("scoring", 1, null, 0));
        await context.CallWorkflowAsync<EvaluateDataset, EvaluationRequest, EvaluationOutcome>(input.Before(), input.Before().EvaluationId).ConfigureAwait(true);
        var attempts = new List<JudgedCandidate>();
        var ranking = new SensitiveLayers([]);
        while (true)
        {
            var attempt = attempts.Count + 1;
            context.SetCustomStatus(new OptimizationStatus("passing", attempt, null, 1));
            var candidate = await context.CallActivityAsync<RunPassActivity, RunPassInput, Candidate>(
                new RunPassInput(input, attempt, ranking.ForAttempt(attempt))).ConfigureAwait(true);
            context.SetCustomStatus(new OptimizationStatus("scoring", attempt, candidate.Reference, 2));
            await context.CallWorkflowAsync<EvaluateDataset, EvaluationRequest, EvaluationOutcome>(candidate.Evaluation, candidate.Evaluation.EvaluationId).ConfigureAwait(true);
            var judged = await context.CallActivityAsync<JudgeCandidateActivity, JudgeCandidateInput, JudgedCandidate>(new JudgeCandidateInput(input, candidate)).ConfigureAwait(true);
            attempts.Add(judged);
            if (judged.Accepted || !candidate.MoreAttempts || attempt >= input.Gate.MostAttempts)
            {
                break;
            }

            if (attempt == 1)
            {
                context.SetCustomStatus(new OptimizationStatus("ranking", attempt, candidate.Reference, 2));
                ranking = await context.CallActivityAsync<RankLayersActivity, OptimizationRequest, SensitiveLayers>(input).ConfigureAwait(true);
            }

            if (ranking.ForAttempt(attempt + 1).Count == ranking.ForAttempt(attempt).Count)
            {
                break;
            }
        }

        var last = attempts[^1].Candidate.Reference;
        context.SetCustomStatus(new OptimizationStatus("measuring", attempts.Count, last, 3));
        var costs = await context.CallActivityAsync<MeasureCostActivity, MeasureCostInput, MeasuredCosts>(new MeasureCostInput(input, last)).ConfigureAwait(true);
        context.SetCustomStatus(new OptimizationStatus("reporting", attempts.Count, last, 4));
        var outcome = await context.CallActivityAsync<ConcludeOptimizationActivity, ConcludeOptimizationInput, OptimizationOutcome>(
            new ConcludeOptimizationInput(input, attempts, costs, context.CurrentUtcTime)).ConfigureAwait(true);
        context.SetCustomStatus(new OptimizationStatus("completed", attempts.Count, last, 5));
        return outcome;
    }
}
