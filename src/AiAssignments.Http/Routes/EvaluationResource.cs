using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Http.Routes;

/// <summary>An evaluation as the gateway shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Status">Run state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="Outcome">Its result, when completed.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Links">Paths by name: <c>self</c>, <c>job</c>, and the report's files when there is one.</param>
internal sealed record EvaluationResource(
    string Id,
    EvaluationRequest Request,
    WorkflowStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    EvaluationStatus? Progress,
    EvaluationOutcome? Outcome,
    Problem? Problem,
    IReadOnlyDictionary<string, string> Links)
{
    public static EvaluationResource Of(EvaluationJob job)
    {
        var links = new Dictionary<string, string> { ["self"] = $"/api/evaluations/{job.Id}", ["job"] = $"/api/jobs/{job.Id}" };
        if (job.Outcome is not null)
        {
            links["report"] = $"/reports/{job.Id}/{ReportFiles.Html}";
            links["markdown"] = $"/reports/{job.Id}/{ReportFiles.Markdown}";
            links["json"] = $"/reports/{job.Id}/{ReportFiles.Json}";
            links["csv"] = $"/reports/{job.Id}/{ReportFiles.Csv}";
            links["parquet"] = $"/reports/{job.Id}/{ReportFiles.Parquet}";
        }

        return new EvaluationResource(job.Id, job.Request, job.Status, job.CreatedAt, job.UpdatedAt, job.Progress, job.Outcome, job.Problem, links);
    }
}
