using AiAssignments.Core.Errors;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Http.Routes;

/// <summary>Comparisons of two evaluations: make, list, get, delete.</summary>
/// <param name="desk">Where they are asked for.</param>
/// <param name="keys">Idempotency keys.</param>
internal sealed class ComparisonRoutes(ComparisonDesk desk, IdempotencyKeys keys) : IGatewayRoutes
{
    private const string Id = "aa0c1de2a3b4c5d6e7f8091a2b3c4d5e";
    private const string Example = $$$"""{"id":"{{{Id}}}","a":"5f0c1de2a3b4c5d6e7f8091a2b3c4d5e","b":"6e0c1de2a3b4c5d6e7f8091a2b3c4d5f","modelA":"topic@1","modelB":"topic@2","dataset":"topics.jsonl","createdAt":"2026-01-05T09:31:00+00:00","verdict":"The difference may be chance.","paired":120,"bothRight":101,"onlyA":7,"onlyB":9,"bothWrong":3,"differences":[{"metric":"accuracy","a":0.9,"b":0.917,"difference":{"value":0.017,"lower":-0.05,"upper":0.083},"pValue":0.8,"test":"mcnemar-exact"}],"notes":[],"links":{"self":"/api/comparisons/{{{Id}}}","report":"/reports/{{{Id}}}/comparison.html"}}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("Compare", HttpMethods.Post, "api/comparisons", AccessScope.Write, CompareAsync)
        {
            Summary = "Compares two finished evaluations of the same dataset with a paired test; 200 instead of 201 when it was made before. Where it takes longer than an answer may (deadline-exceeded), it goes on: ask again.",
            Tag = "Comparisons",
            Status = StatusCodes.Status201Created,
            RequestTypes = ["application/json"],
            RequestSchema = "StartComparison",
            ResponseSchema = "Comparison",
            RequestExample = """{"a":"5f0c1de2a3b4c5d6e7f8091a2b3c4d5e","b":"6e0c1de2a3b4c5d6e7f8091a2b3c4d5f"}""",
            ResponseExample = Example,
            Parameters = [ListParameters.IdempotencyKey],
            Problems = ["request-json-invalid", "media-type-unsupported", "evaluation-not-found", "evaluation-ambiguous", "evaluation-unfinished-conflict", "comparison-datasets-differ", "comparison-same", "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict"],
        },
        new("ListComparisons", HttpMethods.Get, "api/comparisons", AccessScope.Read, ListAsync)
        {
            Summary = "Lists comparisons, the newest first.",
            Tag = "Comparisons",
            ResponseSchema = "ComparisonPage",
            ResponseExample = $$$"""{"items":[{{{Example}}}]}""",
            Parameters = ListParameters.Page(ComparisonDesk.Sorts, "-createdAt"),
            Problems = ["option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetComparison", HttpMethods.Get, "api/comparisons/{id}", AccessScope.Read, async context => Answers.Read(ComparisonResource.Of(await FindAsync(context).ConfigureAwait(false))))
        {
            Summary = "One comparison: its verdict and figures; the whole is in its report.",
            Tag = "Comparisons",
            ResponseSchema = "Comparison",
            ResponseExample = Example,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["comparison-not-found"],
        },
        new("DeleteComparison", HttpMethods.Delete, "api/comparisons/{id}", AccessScope.Write, DeleteAsync)
        {
            Summary = "Deletes a comparison with its report; it goes with either of its evaluations anyhow.",
            Tag = "Comparisons",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["comparison-not-found", "precondition-failed"],
        },
    ];

    private async Task<IResult> CompareAsync(HttpContext context)
    {
        RequestBody.RequireJson(context.Request);
        var body = await RequestBody.ReadBytesAsync(context.Request, 1 << 20, context.RequestAborted).ConfigureAwait(false);
        var asked = RequestBody.Parse<StartComparison>(body);
        return await Idempotency.RunAsync(context, keys, "Compare", body, async () =>
        {
            var (comparison, made) = await desk.CompareAsync(asked.A, asked.B, context.RequestAborted).ConfigureAwait(false);
            var resource = ComparisonResource.Of(comparison);
            return JsonAnswer.Of(resource, made ? StatusCodes.Status201Created : StatusCodes.Status200OK, resource.Links["self"]);
        }).ConfigureAwait(false);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var page = await desk.PageAsync(context.Page(ComparisonDesk.Sorts, "-createdAt"), context.RequestAborted).ConfigureAwait(false);
        return Answers.Read(new Page<ComparisonResource>([.. page.Items.Select(ComparisonResource.Of)], page.Continuation));
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var known = await FindAsync(context).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(ComparisonResource.Of(known))).ConfigureAwait(false);
        await desk.DeleteAsync(known.Id, context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private async Task<ComparisonRecord> FindAsync(HttpContext context) =>
        await desk.FindAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false) ?? throw new ProblemException("comparison-not-found", "No comparison has this id.");
}
