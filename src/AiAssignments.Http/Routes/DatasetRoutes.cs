using AiAssignments.Core.Errors;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Http.Routes;

/// <summary>Datasets: list, get, look through, delete.</summary>
/// <param name="datasets">The datasets.</param>
/// <param name="listing">Lists them.</param>
/// <param name="inspections">Looks through them.</param>
internal sealed class DatasetRoutes(Ingestion datasets, DatasetListing listing, DatasetInspections inspections) : IGatewayRoutes
{
    private const string Example = """{"id":"00112233445566778899aabbccddeeff","name":"reviews.csv","contentHash":"xxh128:00112233445566778899aabbccddeeff","sizeBytes":52341,"stagedPath":"staged/00112233445566778899aabbccddeeff","stagedName":"reviews.csv","description":{"format":"csv","task":"text-classification","columns":["text","label"],"inputColumn":"text","labelColumn":"label","sliceColumns":[],"labelNames":[],"delimiter":",","quoted":true,"header":true,"dataStart":11,"details":{}},"registeredAt":"2026-01-05T09:30:00+00:00"}""";

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("ListDatasets", HttpMethods.Get, "api/datasets", AccessScope.Read, ListAsync)
        {
            Summary = "Lists datasets, the newest first.",
            Tag = "Datasets",
            ResponseSchema = "DatasetPage",
            ResponseExample = $$$"""{"items":[{{{Example}}}]}""",
            Parameters = ListParameters.Page(DatasetListing.Sorts, "-registeredAt"),
            Problems = ["option-out-of-range", "sort-unknown", "continuation-invalid", "query-invalid"],
        },
        new("GetDataset", HttpMethods.Get, "api/datasets/{id}", AccessScope.Read, async context => Answers.Read(await datasets.GetAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false)))
        {
            Summary = "One dataset: what was recognized, its size and hash.",
            Tag = "Datasets",
            ResponseSchema = "Dataset",
            ResponseExample = Example,
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["dataset-not-found"],
        },
        new("InspectDataset", HttpMethods.Get, "api/datasets/{id}/inspection", AccessScope.Read, async context => Answers.Read(await inspections.GetAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false)))
        {
            Summary = "Looks through a whole dataset: counts, labels, lengths, the first bad records and examples. Found once, then kept; where that takes longer than an answer may (deadline-exceeded), it goes on: ask again.",
            Tag = "Datasets",
            ResponseSchema = "Inspection",
            ResponseExample = """{"format":"csv","task":"text-classification","records":240,"bad":0,"unlabelled":0,"labels":[{"label":"positive","count":120},{"label":"negative","count":120}],"lengths":{"unit":"characters","count":240,"min":18,"mean":71.5,"p50":70,"p95":110,"max":131},"errorCounts":{},"firstErrors":[],"samples":[{"index":0,"text":"A warm, funny film","label":"positive"}]}""",
            Parameters = [ListParameters.IfNoneMatch],
            Problems = ["dataset-not-found"],
        },
        new("DeleteDataset", HttpMethods.Delete, "api/datasets/{id}", AccessScope.Write, DeleteAsync)
        {
            Summary = "Deletes a dataset with its bytes; evaluations made of it stay.",
            Tag = "Datasets",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Parameters = [ListParameters.IfMatch],
            Problems = ["dataset-not-found", "precondition-failed"],
        },
    ];

    private async Task<IResult> ListAsync(HttpContext context) =>
        Answers.Read(await listing.PageAsync(context.Page(DatasetListing.Sorts, "-registeredAt"), context.RequestAborted).ConfigureAwait(false));

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        // As it is known, so that a path of the caller's making never reaches the store.
        var known = await datasets.GetAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false);
        await Answers.RequireMatchAsync(context, () => Task.FromResult(known)).ConfigureAwait(false);
        return await datasets.DeleteAsync(known.Id, context.RequestAborted).ConfigureAwait(false)
            ? Answers.Nothing()
            : throw new ProblemException("dataset-not-found", "It was deleted meanwhile.");
    }
}
