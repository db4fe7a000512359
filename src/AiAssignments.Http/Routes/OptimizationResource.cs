using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Http.Routes;

/// <summary>An optimization as the gateway shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Status">Run state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="Outcome">Its result, when completed: accepted by the gate or refused.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Links">Paths by name: <c>self</c>, <c>job</c>; the report's files, the candidate and both evaluations when it has completed.</param>
internal sealed record OptimizationResource(
    string Id,
    OptimizationRequest Request,
    WorkflowStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    OptimizationStatus? Progress,
    OptimizationOutcome? Outcome,
    Problem? Problem,
    IReadOnlyDictionary<string, string> Links)
{
    public static OptimizationResource Of(OptimizationJob job)
    {
        var links = new Dictionary<string, string> { ["self"] = $"/api/optimizations/{job.Id}", ["job"] = $"/api/jobs/{job.Id}" };
        if (job.Outcome is { } outcome)
        {
            var at = outcome.Candidate.IndexOf('@', StringComparison.Ordinal);
            links["report"] = $"/reports/{job.Id}/{OptimizationPaths.Html}";
            links["markdown"] = $"/reports/{job.Id}/{OptimizationPaths.Markdown}";
            links["json"] = $"/reports/{job.Id}/{OptimizationPaths.Json}";
            links["candidate"] = $"/api/models/{Uri.EscapeDataString(outcome.Candidate[..at])}/versions/{Uri.EscapeDataString(outcome.Candidate[(at + 1)..])}";
            links["before"] = $"/api/evaluations/{outcome.Evaluations[0]}";
            links["after"] = $"/api/evaluations/{outcome.Evaluations[1]}";
        }

        return new OptimizationResource(job.Id, job.Request, job.Status, job.CreatedAt, job.UpdatedAt, job.Progress, job.Outcome, job.Problem, links);
    }
}
