using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Http.Access;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Jobs;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Http.Routes;

/// <summary>Optimizations: start, list, watch, cancel, delete.</summary>
/// <param name="desk">Where they are asked for.</param>
/// <param name="listing">Lists them.</param>
/// <param name="models">The models.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="jobs">Their state as jobs.</param>
/// <param name="keys">Idempotency keys.</param>
internal sealed class OptimizationRoutes(OptimizationDesk desk, OptimizationListing listing, ModelRegistry models, Ingestion datasets, JobDesk jobs, IdempotencyKeys keys) : IGatewayRoutes
{
    private const string Id = "7a0c1de2a3b4c5d6e7f8091a2b3c4d5e";
    private const string JobExample = $$$"""{"id":"{{{Id}}}","kind":"optimization","status":"running","progress":{"stage":"passing","done":1,"total":5},"createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:02+00:00","links":{"self":"/api/jobs/{{{Id}}}","optimization":"/api/optimizations/{{{Id}}}"}}""";
    private const string Example = $$$"""{"id":"{{{Id}}}","request":{"optimizationId":"{{{Id}}}","model":"topic@1","modelHash":"xxh128:00112233445566778899aabbccddeeff","gateDatasetId":"00112233445566778899aabbccddeeff","gateDatasetHash":"xxh128:00112233445566778899aabbccddeeff","pass":{"kind":"quantize","mode":"dynamic-int8"},"gate":{"maxAccuracyDrop":0.01,"activate":false,"mostAttempts":6},"options":{"errorThreshold":0.01},"width":2},"status":"running","createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:02+00:00","progress":{"stage":"passing","attempt":1,"done":1,"total":5},"links":{"self":"/api/optimizations/{{{Id}}}","job":"/api/jobs/{{{Id}}}"}}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("StartOptimization", HttpMethods.Post, "api/optimizations", AccessScope.Write, StartAsync)
        {
            Summary = "Makes a new version of a model by quantizing, pruning or distilling it, and has a gate dataset decide whether it may be served; asking twice is one optimization, and asking for a failed or cancelled one resumes it.",
            Tag = "Optimizations",
            Status = StatusCodes.Status202Accepted,
            RequestTypes = ["application/json"],
            RequestSchema = "StartOptimization",
            ResponseSchema = "Job",
            RequestExample = """{"model":"topic","gateDataset":"00112233445566778899aabbccddeeff","quantize":{"mode":"dynamic-int8"},"gate":{"maxAccuracyDrop":0.01,"activate":false}}""",
            ResponseExample = JobExample,
            Parameters = [ListParameters.IdempotencyKey],
            Problems = ["request-json-invalid", "media-type-unsupported", "model-not-found", "model-version-not-accepted", "dataset-not-found", "distill-gate-dataset", "option-out-of-range", "option-invalid", "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict"],
        },
        new("ListOptimizations", HttpMethods.Get, "api/optimizations", AccessScope.Read, ListAsync)
        {
            Summary = "Lists optimizations, the newest first.",
            Tag = "Optimizations",
            ResponseSchema = "OptimizationPage",
            ResponseExample = $$$"""{"items":[{{{Example}}}]}""",
            Parameters = ListParameters.Page(
                OptimizationListing.Sorts,
                "-createdAt",
                new RouteParameter("status", "query", "Only in this state: pending, running, completed, failed or cancelled."),
                new RouteParameter("model", "query", "Only of this model, or of this version as name@version."),
                new RouteParameter("accepted", "query", "true: only what its gate accepted; false: only what it refused.", "boolean")),
            Problems = ["status-unknown", "option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetOptimization", HttpMethods.Get, "api/optimizations/{id}", AccessScope.Read, async context => Answers.Read(OptimizationResource.Of(await FindAsync(context).ConfigureAwait(false))))
        {
            Summary = "One optimization: what was asked for, how far it has come, what was gained and lost.",
            Tag = "Optimizations",
            ResponseSchema = "Optimization",
            ResponseExample = Example,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["optimization-not-found"],
        },
        new("CancelOptimization", HttpMethods.Post, "api/optimizations/{id}/cancel", AccessScope.Write, CancelAsync)
        {
            Summary = "Cancels an optimization; what was done is kept, and asking for it again goes on from there.",
            Tag = "Optimizations",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["optimization-not-found", "precondition-failed"],
        },
        new("DeleteOptimization", HttpMethods.Delete, "api/optimizations/{id}", AccessScope.Write, DeleteAsync)
        {
            Summary = "Deletes an optimization with its report and the evaluations that only it asked for; the versions it made stay.",
            Tag = "Optimizations",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["optimization-not-found", "precondition-failed"],
        },
    ];

    private async Task<IResult> StartAsync(HttpContext context)
    {
        RequestBody.RequireJson(context.Request);
        var body = await RequestBody.ReadBytesAsync(context.Request, 1 << 20, context.RequestAborted).ConfigureAwait(false);
        var asked = RequestBody.Parse<StartOptimization>(body);
        if (asked.Gate is { Activate: true } && context.Caller() is not { Scope: >= AccessScope.Admin })
        {
            // As a promotion asks for it.
            throw new ProblemException("request-forbidden", "What is activated takes the place of what is served; it needs the scope admin.", "gate.activate");
        }

        return await Idempotency.RunAsync(context, keys, "StartOptimization", body, async () =>
        {
            var pass = asked.Pass();
            var model = await models.GetAsync(asked.Model, context.RequestAborted).ConfigureAwait(false);
            var dataset = await datasets.GetAsync(asked.GateDataset, context.RequestAborted).ConfigureAwait(false);
            var (id, _) = await desk.StartAsync(
                model, dataset, pass, asked.Gate ?? new GateOptions(), asked.Options ?? EvaluationOptions.Default, context.RequestAborted).ConfigureAwait(false);
            return Answers.Accepted($"/api/optimizations/{id}", await jobs.GetAsync(id, context.RequestAborted).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var filter = new OptimizationFilter(StatusQuery.Of(context), context.Query("model"), AcceptedOf(context));
        var page = await listing.PageAsync(filter, context.Page(OptimizationListing.Sorts, "-createdAt"), context.RequestAborted).ConfigureAwait(false);
        return Answers.Read(new Page<OptimizationResource>([.. page.Items.Select(OptimizationResource.Of)], page.Continuation));
    }

    private static bool? AcceptedOf(HttpContext context) => context.Query("accepted") switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new ProblemException("option-out-of-range", "It must be true or false.", "accepted"),
    };

    private async Task<IResult> CancelAsync(HttpContext context)
    {
        var job = await FindAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(OptimizationResource.Of(job))).ConfigureAwait(false);
        await desk.CancelAsync(job.Id, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var job = await FindAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(OptimizationResource.Of(job))).ConfigureAwait(false);
        await desk.DeleteAsync(job.Id, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<OptimizationJob> FindAsync(HttpContext context) =>
        await desk.FindAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false) ?? throw new ProblemException("optimization-not-found", "No optimization has this id.");
}
