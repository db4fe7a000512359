using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Writes the report of an optimization in every format, and promotes an accepted version where that was asked for.</summary>
/// <param name="blobs">Where the report goes.</param>
/// <param name="documents">Where the outcome goes.</param>
/// <param name="models">The models.</param>
/// <param name="work">Forgets the checkpoints.</param>
public sealed class ConcludeOptimizationActivity(IBlobStore blobs, IDocumentStore documents, ModelRegistry models, PassFolders work)
    : IActivity<ConcludeOptimizationInput, OptimizationOutcome>
{
    /// <inheritdoc />
    public async Task<OptimizationOutcome> RunAsync(ConcludeOptimizationInput input, CancellationToken cancellationToken)
    {
        var (request, last) = (input.Request, input.Attempts[^1]);
        var comparison = await JudgeCandidateActivity.CompareAsync(blobs, documents, request, last.Candidate, cancellationToken).ConfigureAwait(false);
        var result = new OptimizationResult
        {
            OptimizationId = request.OptimizationId,
            Pass = last.Candidate.Pass,
            Accepted = last.Accepted,
            Verdict = last.Verdict,
            MaxAccuracyDrop = request.Gate.MaxAccuracyDrop,
            Comparison = comparison.Result,
            Before = input.Costs.Before,
            After = input.Costs.After,
            Facts = last.Candidate.Facts,
            Notes = last.Candidate.Notes,
            Attempts = [.. input.Attempts.Select(attempt => new OptimizationAttempt(attempt.Candidate.Reference, attempt.Candidate.LeftAlone, attempt.Difference, attempt.Accepted))],
            Learning = last.Candidate.Learning,
        };
        var folder = OptimizationPaths.Report(request.OptimizationId, request.Model, last.Candidate.Pass);
        await WriteAsync(OptimizationPaths.Html, (stream, token) => OptimizationHtmlReport.WriteAsync(result, stream, token)).ConfigureAwait(false);
        await WriteAsync(OptimizationPaths.Markdown, (stream, token) => MarkdownReport.WriteAsync(result, stream, token)).ConfigureAwait(false);
        await WriteAsync(OptimizationPaths.Json, (stream, token) => JsonReport.WriteAsync(result, stream, token)).ConfigureAwait(false);
        if (last.Accepted && request.Gate.Activate)
        {
            await models.PromoteAsync(last.Candidate.Reference, cancellationToken).ConfigureAwait(false);
        }

        var outcome = new OptimizationOutcome
        {
            OptimizationId = request.OptimizationId,
            Model = request.Model,
            Candidate = last.Candidate.Reference,
            Pass = last.Candidate.Pass,
            Dataset = result.Comparison.A.Dataset.Name,
            Accepted = last.Accepted,
            Verdict = last.Verdict,
            Promoted = last.Accepted && request.Gate.Activate,
            Attempts = input.Attempts.Count,
            Differences = result.Comparison.Differences,
            Before = input.Costs.Before,
            After = input.Costs.After,
            Evaluations = [request.Before().EvaluationId, last.Candidate.Evaluation.EvaluationId],
            FinishedAt = input.FinishedAt,
            ReportFolder = folder,
        };
        await documents.PutAsync(Containers.Optimizations, Containers.Partition, request.OptimizationId, outcome, null, cancellationToken).ConfigureAwait(false);
        work.Forget(request.OptimizationId);
        return outcome;

        Task WriteAsync(string name, Func<Stream, CancellationToken, Task> write) => blobs.WriteAsync(folder + name, write, cancellationToken);
    }
}

/// <summary>Input of <see cref="ConcludeOptimizationActivity"/>.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Attempts">The candidates, in order; the last one decides.</param>
/// <param name="Costs">What old and new cost.</param>
/// <param name="FinishedAt">When measuring was finished.</param>
public sealed record ConcludeOptimizationInput(OptimizationRequest Request, IReadOnlyList<JudgedCandidate> Attempts, MeasuredCosts Costs, DateTimeOffset FinishedAt);
