using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Http.Routes;

/// <summary>Evaluations: start, list, watch, cancel, delete.</summary>
/// <param name="desk">Where they are asked for.</param>
/// <param name="listing">Lists them.</param>
/// <param name="models">The models.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="jobs">Their state as jobs.</param>
/// <param name="keys">Idempotency keys.</param>
internal sealed class EvaluationRoutes(EvaluationDesk desk, EvaluationListing listing, ModelRegistry models, Ingestion datasets, JobDesk jobs, IdempotencyKeys keys) : IGatewayRoutes
{
    private const string Id = "5f0c1de2a3b4c5d6e7f8091a2b3c4d5e";
    private const string JobExample = $$$"""{"id":"{{{Id}}}","kind":"evaluation","status":"running","progress":{"stage":"scoring","done":1,"total":4},"createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:02+00:00","links":{"self":"/api/jobs/{{{Id}}}","evaluation":"/api/evaluations/{{{Id}}}"}}""";
    private const string Example = $$$"""{"id":"{{{Id}}}","request":{"evaluationId":"{{{Id}}}","model":"topic@1","datasetId":"00112233445566778899aabbccddeeff","options":{"errorThreshold":0.01},"width":2},"status":"running","createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:02+00:00","progress":{"stage":"scoring","shardsDone":1,"shards":4,"records":8000},"links":{"self":"/api/evaluations/{{{Id}}}","job":"/api/jobs/{{{Id}}}"}}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("StartEvaluation", HttpMethods.Post, "api/evaluations", AccessScope.Write, StartAsync)
        {
            Summary = "Starts an evaluation of a model on a dataset; asking twice is one evaluation, and asking for a failed or cancelled one resumes it.",
            Tag = "Evaluations",
            Status = StatusCodes.Status202Accepted,
            RequestTypes = ["application/json"],
            RequestSchema = "StartEvaluation",
            ResponseSchema = "Job",
            RequestExample = """{"model":"topic","dataset":"00112233445566778899aabbccddeeff","options":{"confidence":0.99,"seed":7}}""",
            ResponseExample = JobExample,
            Parameters = [ListParameters.IdempotencyKey],
            Problems = ["request-json-invalid", "media-type-unsupported", "model-not-found", "dataset-not-found", "option-out-of-range", "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict"],
        },
        new("ListEvaluations", HttpMethods.Get, "api/evaluations", AccessScope.Read, ListAsync)
        {
            Summary = "Lists evaluations, the newest first.",
            Tag = "Evaluations",
            ResponseSchema = "EvaluationPage",
            ResponseExample = $$$"""{"items":[{{{Example}}}]}""",
            Parameters = ListParameters.Page(
                EvaluationListing.Sorts,
                "-createdAt",
                new RouteParameter("status", "query", "Only in this state: pending, running, completed, failed or cancelled."),
                new RouteParameter("model", "query", "Only of this model, or of this version as name@version."),
                new RouteParameter("dataset", "query", "Only of the dataset of this id."),
                new RouteParameter("task", "query", "Only of models of this task.")),
            Problems = ["status-unknown", "task-unknown", "option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetEvaluation", HttpMethods.Get, "api/evaluations/{id}", AccessScope.Read, async context => Answers.Read(EvaluationResource.Of(await FindAsync(context).ConfigureAwait(false))))
        {
            Summary = "One evaluation: what was asked for, how far it has come, its outcome.",
            Tag = "Evaluations",
            ResponseSchema = "Evaluation",
            ResponseExample = Example,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["evaluation-not-found", "evaluation-ambiguous"],
        },
        new("CancelEvaluation", HttpMethods.Post, "api/evaluations/{id}/cancel", AccessScope.Write, CancelAsync)
        {
            Summary = "Cancels an evaluation; what was scored is kept, and asking for it again goes on from there.",
            Tag = "Evaluations",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["evaluation-not-found", "evaluation-ambiguous", "precondition-failed"],
        },
        new("DeleteEvaluation", HttpMethods.Delete, "api/evaluations/{id}", AccessScope.Write, DeleteAsync)
        {
            Summary = "Deletes an evaluation with its report and its comparisons.",
            Tag = "Evaluations",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["evaluation-not-found", "evaluation-ambiguous", "precondition-failed"],
        },
    ];

    private async Task<IResult> StartAsync(HttpContext context)
    {
        RequestBody.RequireJson(context.Request);
        var body = await RequestBody.ReadBytesAsync(context.Request, 1 << 20, context.RequestAborted).ConfigureAwait(false);
        var asked = RequestBody.Parse<StartEvaluation>(body);
        return await Idempotency.RunAsync(context, keys, "StartEvaluation", body, async () =>
        {
            var model = await models.GetAsync(asked.Model, context.RequestAborted).ConfigureAwait(false);
            var dataset = await datasets.GetAsync(asked.Dataset, context.RequestAborted).ConfigureAwait(false);
            var (id, _) = await desk.StartAsync(model, dataset, asked.Options ?? EvaluationOptions.Default, asked.ProfileMemory, context.RequestAborted).ConfigureAwait(false);
            return Answers.Accepted($"/api/evaluations/{id}", await jobs.GetAsync(id, context.RequestAborted).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var filter = new EvaluationFilter(
            StatusQuery.Of(context),
            context.Query("model"),
            context.Query("dataset"),
            context.Query("task") is { } task ? ModelTasks.Parse(task) : null);
        var page = await listing.PageAsync(filter, context.Page(EvaluationListing.Sorts, "-createdAt"), context.RequestAborted).ConfigureAwait(false);
        return Answers.Read(new Page<EvaluationResource>([.. page.Items.Select(EvaluationResource.Of)], page.Continuation));
    }

    private async Task<IResult> CancelAsync(HttpContext context)
    {
        var job = await FindAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(EvaluationResource.Of(job))).ConfigureAwait(false);
        await desk.CancelAsync(job.Id, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var job = await FindAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(EvaluationResource.Of(job))).ConfigureAwait(false);
        await desk.DeleteAsync(job.Id, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<EvaluationJob> FindAsync(HttpContext context) =>
        await desk.FindAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false) ?? throw new ProblemException("evaluation-not-found", "No evaluation has this id.");
}
