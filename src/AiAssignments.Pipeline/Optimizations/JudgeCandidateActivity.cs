using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Holds a candidate against the gate: the paired interval of the headline metric must stay above the allowed loss.</summary>
/// <param name="blobs">Where the evaluations' reports lie.</param>
/// <param name="documents">Where their outcomes lie.</param>
/// <param name="models">Take the verdict.</param>
public sealed class JudgeCandidateActivity(IBlobStore blobs, IDocumentStore documents, ModelRegistry models) : IActivity<JudgeCandidateInput, JudgedCandidate>
{
    /// <inheritdoc />
    public async Task<JudgedCandidate> RunAsync(JudgeCandidateInput input, CancellationToken cancellationToken)
    {
        var comparison = (await CompareAsync(blobs, documents, input.Request, input.Candidate, cancellationToken).ConfigureAwait(false)).Result;
        var verdict = Gate.Judge(comparison, input.Request.Gate);
        await models.JudgeAsync(input.Candidate.Reference, verdict.Accepted ? GateState.Accepted : GateState.Refused, cancellationToken).ConfigureAwait(false);
        return new JudgedCandidate(input.Candidate, verdict.Accepted, verdict.Reason, verdict.Difference);
    }

    internal static async Task<Comparison> CompareAsync(
        IBlobStore blobs, IDocumentStore documents, OptimizationRequest request, Candidate candidate, CancellationToken cancellationToken)
    {
        async Task<EvaluatedSide> SideAsync(EvaluationRequest evaluation)
        {
            var outcome = await documents.FindAsync<EvaluationOutcome>(Containers.Evaluations, Containers.Partition, evaluation.EvaluationId, cancellationToken).ConfigureAwait(false)
                ?? throw new ProblemException("evaluation-not-found", $"The evaluation of {evaluation.Model} on the gate dataset was deleted; delete the optimization, and ask for it again.");
            return EvaluatedSide.OfBlobs(blobs, outcome.Value.ReportFolder);
        }

        return await Comparer.CompareAsync(
            await SideAsync(request.Before()).ConfigureAwait(false), await SideAsync(candidate.Evaluation).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Input of <see cref="JudgeCandidateActivity"/>.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Candidate">The candidate.</param>
public sealed record JudgeCandidateInput(OptimizationRequest Request, Candidate Candidate);
