using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Http.Routes;

/// <summary>Jobs of all kinds: list, get.</summary>
/// <param name="jobs">The jobs.</param>
internal sealed class JobRoutes(JobDesk jobs) : IGatewayRoutes
{
    private const string Id = "5f0c1de2a3b4c5d6e7f8091a2b3c4d5e";
    private const string Example = $$$"""{"id":"{{{Id}}}","kind":"evaluation","status":"completed","progress":{"stage":"completed","done":4,"total":4},"createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:09+00:00","links":{"self":"/api/jobs/{{{Id}}}","evaluation":"/api/evaluations/{{{Id}}}","report":"/reports/{{{Id}}}/report.html"}}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("ListJobs", HttpMethods.Get, "api/jobs", AccessScope.Read, ListAsync)
        {
            Summary = "Lists what goes on and went on in the background, the newest first.",
            Tag = "Jobs",
            ResponseSchema = "JobPage",
            ResponseExample = $$$"""{"items":[{{{Example}}}]}""",
            Parameters = ListParameters.Page(
                JobDesk.Sorts,
                "-createdAt",
                new RouteParameter("kind", "query", "Only of this kind: evaluation, optimization or upload."),
                new RouteParameter("status", "query", "Only in this state: pending, running, completed, failed or cancelled.")),
            Problems = ["status-unknown", "option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetJob", HttpMethods.Get, "api/jobs/{id}", AccessScope.Read, async context => Answers.Read(await jobs.GetAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false)))
        {
            Summary = "One job: how far it has come, and where its result is.",
            Tag = "Jobs",
            ResponseSchema = "Job",
            ResponseExample = Example,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["job-not-found"],
        },
    ];

    private async Task<IResult> ListAsync(HttpContext context) =>
        Answers.Read(await jobs.PageAsync(context.Query("kind"), StatusQuery.Of(context), context.Page(JobDesk.Sorts, "-createdAt"), context.RequestAborted).ConfigureAwait(false));
}
